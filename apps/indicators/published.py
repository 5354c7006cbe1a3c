"""What was published of a year. The app that keeps editions registers a source; the figures pages ask here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from apps.core.registry import Registry
from apps.organisation.models import ReportingYear


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedFigure:
    """A figure as it was published: all its digits, and as printed. ``value`` None is none, or one withheld.

    ``approved`` of ``expected`` forms counted in it.
    """

    value: str | None
    display: str
    edition: int
    approved: int = 0
    expected: int = 0


@dataclass(frozen=True, kw_only=True)
class PublishedYear:
    """The newest edition of a year. Figures by code and code of the site, "" for the group.

    ``figures`` may read what it is asked for; ``has_group`` tells whether the group's are looked at.
    """

    number: int
    figures: Mapping[tuple[str, str], PublishedFigure]
    has_group: bool = True

    def of(self, code: str, place: str) -> PublishedFigure | None:
        """The figure at a place; None where none was published, or nobody looks at it."""
        return self.figures.get((code, place)) if place or self.has_group else None

    def of_sites(self) -> "PublishedYear":
        """Without the group's: where somebody looks at some of its sites."""
        return replace(self, has_group=False)


@dataclass(frozen=True, kw_only=True)
class PublishedSource:
    """``newest`` gives the edition that holds, or None for a year that is not published."""

    code: str
    newest: Callable[[ReportingYear], PublishedYear | None]


published_sources: Registry[PublishedSource] = Registry("source of published figures")


def newest_edition(year: ReportingYear) -> PublishedYear | None:
    """What holds of a published year; asks nothing of one that is not."""
    if year.published_at is None:
        return None
    return next((found for source in published_sources if (found := source.newest(year)) is not None), None)
