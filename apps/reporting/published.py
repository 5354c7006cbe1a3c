"""Tells the figures pages what was published, so that they can mark what is no longer so."""

from functools import lru_cache
from typing import Final

from apps.indicators.published import PublishedFigure, PublishedSource, PublishedYear, published_sources
from apps.organisation.models import ReportingYear
from apps.reporting.content.canonical import parsed
from apps.reporting.content.shape import GROUP, Content
from apps.reporting.models import Edition

# An edition never changes, and to read a large one takes a moment: the newest of some years are kept.
_KEPT: Final = 4


def newest(year: ReportingYear) -> PublishedYear | None:
    """The figures of the edition that holds."""
    edition = Edition.newest_of(year)
    return None if edition is None else read_edition(edition.pk, edition.sha256)


@lru_cache(maxsize=_KEPT)
def read_edition(pk: int, sha256: str) -> PublishedYear:
    """The figures of an edition, which it keeps for ever."""
    edition = Edition.objects.get(pk=pk, sha256=sha256)
    return PublishedYear(
        number=edition.number,
        figures={
            (code, place): PublishedFigure(
                value=at["value"],
                display=at["display"],
                edition=edition.number,
                approved=at["approved"],
                expected=at["expected"],
            )
            for code, figure in parsed(edition.content)["figures"].items()
            for place, at in figure["places"].items()
        },
    )


@lru_cache(maxsize=_KEPT)
def group_content(pk: int, sha256: str) -> Content:
    """An edition without its sites and calculations, which are nearly all of a large one. Nobody changes it."""
    content = parsed(Edition.objects.get(pk=pk, sha256=sha256).content)
    for figure in content["figures"].values():
        figure["places"] = {GROUP: figure["places"][GROUP]} if GROUP in figure["places"] else {}
    content["calculations"] = {}
    return content


published_sources.register(PublishedSource(code="reporting", newest=newest))
