"""Tells the figures pages what was published, so that they can mark what is no longer so."""

from functools import lru_cache
from typing import Final

from apps.indicators.published import PublishedFigure, PublishedSource, PublishedYear, published_sources
from apps.organisation.models import ReportingYear
from apps.reporting.content.canonical import parsed
from apps.reporting.models import Edition

# An edition never changes, and to read a large one takes a moment: the newest of some years are kept.
_KEPT: Final = 4


def newest(year: ReportingYear) -> PublishedYear | None:
    """The figures of the edition that holds."""
    edition = Edition.newest_of(year)
    return None if edition is None else _read(edition.pk, edition.sha256)


@lru_cache(maxsize=_KEPT)
def _read(pk: int, sha256: str) -> PublishedYear:
    edition = Edition.objects.get(pk=pk, sha256=sha256)
    return PublishedYear(
        number=edition.number,
        figures={
            (code, place): PublishedFigure(value=at["value"], display=at["display"], edition=edition.number)
            for code, figure in parsed(edition.content)["figures"].items()
            for place, at in figure["places"].items()
        },
    )


published_sources.register(PublishedSource(code="reporting", newest=newest))
