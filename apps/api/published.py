"""The edition that holds, as the API reads it."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from apps.organisation.models import ReportingYear
from apps.reporting.content.canonical import parsed
from apps.reporting.content.shape import Content, FigureContent, Words
from apps.reporting.models import Edition


@dataclass(frozen=True, kw_only=True)
class Published:
    """An edition with its document."""

    number: int
    content: Content

    @property
    def figures(self) -> dict[str, FigureContent]:
        return self.content["figures"]

    def sections(self, code: str) -> frozenset[str]:
        """The forms whose data a figure shows: those of everything that it is made of."""
        figure = self.figures[code]
        parts = [part for part in figure["made_of"] if part in self.figures]
        if not parts:
            return frozenset({figure["section"]})
        return frozenset().union(*(self.sections(part) for part in parts))


def published(year: ReportingYear) -> Published | None:
    """The edition of ``year`` that holds, or None before it is published."""
    newest = Edition.newest_of(year)
    if newest is None:
        return None
    return Published(number=newest.number, content=_document(newest.pk, newest.sha256))


@lru_cache(maxsize=2)
def _document(pk: int, sha256: str) -> Content:
    """Kept in memory while pages of one year are read: an edition never changes. Treat it as read-only."""
    return parsed(Edition.objects.values_list("content", flat=True).get(pk=pk, sha256=sha256))


def said(words: Words) -> str:
    """A text of the document in the language asked for."""
    return words.get(get_language() or "en", words.get("en", ""))
