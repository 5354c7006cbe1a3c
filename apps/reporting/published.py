"""Tells the figures pages what was published, so that they can mark what is no longer so."""

from apps.indicators.published import PublishedSource, PublishedYear, published_sources
from apps.organisation.models import ReportingYear
from apps.reporting.models import Edition
from apps.reporting.parts import PrintedFigures


def newest(year: ReportingYear) -> PublishedYear | None:
    """The figures of the edition that holds."""
    edition = Edition.newest_of(year)
    return None if edition is None else PublishedYear(number=edition.number, figures=PrintedFigures(edition))


published_sources.register(PublishedSource(code="reporting", newest=newest))
