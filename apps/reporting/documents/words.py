"""Words of the content in one language, and the small sentences that all documents share."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.formats import NO_VALUE, number, typed
from apps.reporting.content.shape import GROUP, Content, FigureContent, PlaceFigure, Words
from apps.reporting.documents.blocks import Text

_ITEM: Final = re.compile(r"^\s*(?:([-*•·])|(\(?\d{1,2}[.)、）]))\s*(?=\S)(.*)$")
# By-site tables of more sites are in the data book alone.
MANY_SITES: Final = 12


@dataclass(frozen=True, kw_only=True)
class Told:
    """The content of a year, told in one language."""

    content: Content
    language: str

    def say(self, words: Words) -> str:
        """English where a language lacks."""
        return words.get(self.language) or words.get("en", "")

    @property
    def year(self) -> str:
        return self.content["year"]["code"]

    @property
    def is_draft(self) -> bool:
        return self.content["number"] == 0

    def figure(self, code: str) -> FigureContent | None:
        return self.content["figures"].get(code)

    def at(self, code: str, place: str = GROUP) -> PlaceFigure | None:
        figure = self.figure(code)
        return figure["places"].get(place) if figure else None

    def unit(self, code: str) -> str:
        figure = self.figure(code)
        return self.say(figure["unit"]) if figure else ""

    def title(self, code: str) -> str:
        figure = self.figure(code)
        return self.say(figure["title"]) if figure else code

    def place(self, code: str) -> str:
        """The name of a site, or of the whole group."""
        if code == GROUP:
            return _("Group")
        return self._sites.get(code, code)

    @cached_property
    def _sites(self) -> dict[str, str]:
        """Their names by code: the lines of a large group ask for them a hundred thousand times."""
        return {site["code"]: self.say(site["name"]) for site in self.content["sites"]}

    def rounded(self, value: str | None, code: str) -> str:
        """A value beside the figure ``code``, with its decimals; with all digits where there is no such figure."""
        if value is None:
            return NO_VALUE
        figure = self.figure(code)
        number_of = Decimal(value)
        return number(number_of, figure["decimals"]) if figure else typed(number_of)

    @property
    def few_sites(self) -> bool:
        return 2 <= len(self.content["sites"]) <= MANY_SITES


def day(written: str) -> str:
    """A day or moment of the content, as the language prints a day."""
    return date_format(dt.date.fromisoformat(written[:10]), "DATE_FORMAT") if written else NO_VALUE


def paragraphs(text: str) -> Iterator[Text]:
    """What somebody typed, line by line: a line that starts with a number or a dash is an item of a list."""
    for line in text.splitlines():
        found = _ITEM.match(line)
        if found:
            yield Text(text=found.group(3), style="item", mark=found.group(2) or "•")
        elif line.strip():
            yield Text(text=line.strip())
