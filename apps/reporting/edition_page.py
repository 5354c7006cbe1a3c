"""The pages of an edition: what was published, beside what is computed now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from apps.core.formats import NO_VALUE
from apps.indicators.computation import Figures
from apps.indicators.parts import FEW_SITES
from apps.organisation.models import Site
from apps.reporting.comparing import Difference, all_differences, differences
from apps.reporting.content.shape import GROUP, Content, Words
from apps.reporting.index import Status
from apps.reporting.models import Edition, RestatedFigure
from apps.reporting.parts import content_at


@dataclass(frozen=True, kw_only=True)
class Line:
    """One figure of a table. ``difference`` is there where it differs; ``reason`` says why nothing was published.

    ``is_kept``: it is computed today as well, and so has a page of its own.
    """

    code: str
    title: str
    heading: str
    unit: str
    published: str
    reason: str
    now: str
    is_kept: bool
    difference: Difference | None


@dataclass(frozen=True, kw_only=True)
class PublishedTable:
    code: str
    title: str
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class Said:
    """A provision with what the edition says to it."""

    code: str
    title: str
    status: str
    label: str
    words: str


@dataclass(frozen=True, kw_only=True)
class EditionPage:
    """Everything the template writes. ``place`` is the site looked at, None for the group."""

    edition: Edition
    content: Content
    place: Site | None
    tables: Sequence[PublishedTable]
    said: Sequence[Said]
    factors: Sequence[dict[str, Any]]
    differing: Sequence[Difference]

    @property
    def guide(self) -> str:
        """The edition of the exchange's guide, by its name then."""
        return in_language(self.content["guide"]["name"])

    @property
    def figures(self) -> int:
        return len(self.content["figures"])


def edition_page(edition: Edition, figures: Figures, place: Site | None) -> EditionPage:
    """``figures`` are those of its year computed now over all sites.

    Of a large group only the place that is looked at is compared: ``check_figures`` compares all of them.
    """
    content = content_at(edition, {place.code if place else GROUP})
    if len(figures.sites) > FEW_SITES:
        figures.look_at([place] if place else [])
        moved = differences(content, figures, {place.code if place else GROUP})
    else:
        moved = all_differences(edition, figures)
    here = {each.code: each for each in moved if each.site == (place.code if place else GROUP)}
    return EditionPage(
        edition=edition,
        content=content,
        place=place,
        tables=_tables(content, figures, place, here),
        said=[
            Said(
                code=each["code"],
                title=in_language(each["title"]),
                status=each["status"],
                label=str(Status(each["status"]).label),
                words=in_language(each["statement"]),
            )
            for each in content["provisions"]
        ],
        factors=[{**each, "title": in_language(each["title"])} for each in content["factors"]],
        differing=moved,
    )


def in_language(words: Words) -> str:
    """In the language of the page; documents speak three."""
    return words.get(get_language() or "en", "") or words.get("en", "")


def _tables(
    content: Content, figures: Figures, place: Site | None, moved: dict[str, Difference]
) -> list[PublishedTable]:
    tables = []
    for table in content["tables"]:
        lines = []
        for each in table["lines"]:
            heading = in_language(each["heading"])
            lines += [
                _line(content, code, figures, place, moved, heading)
                for code in (each["total"], each["density"])
                if code and code in content["figures"]
            ]
        if lines:
            title = in_language(table["title"])
            tables.append(PublishedTable(code=table["code"], title=title, lines=lines))
    return tables


def _line(
    content: Content, code: str, figures: Figures, place: Site | None, moved: dict[str, Difference], heading: str
) -> Line:
    published = content["figures"][code]
    at = published["places"].get(place.code if place else GROUP)
    return Line(
        code=code,
        title=in_language(published["title"]),
        heading=heading,
        unit=in_language(published["unit"]),
        published=at["display"] if at else NO_VALUE,
        reason=in_language(at["reason"]) if at else "",
        now=figures.of(code, place).display if code in figures.kpis else NO_VALUE,
        is_kept=code in figures.kpis,
        difference=moved.get(code),
    )


@dataclass(frozen=True, kw_only=True)
class RestatedLine:
    """A figure of a restatement as it is listed."""

    code: str
    title: str
    # The code of the site, "" for the group, and its name.
    site: str
    place: str
    unit: str
    old: str
    new: str
    percent: Any


def from_differences(moved: Sequence[Difference], places: dict[str, str]) -> list[RestatedLine]:
    """What differs now. ``places`` has the names of the sites, "" that of the group."""
    return [
        RestatedLine(
            code=each.code,
            title=in_language(each.title),
            site=each.site,
            place=places.get(each.site, each.site),
            unit=in_language(each.unit),
            old=each.old_display,
            new=each.new_display,
            percent=each.percent,
        )
        for each in moved
    ]


def from_listed(listed: Sequence[RestatedFigure], content: Content, places: dict[str, str]) -> list[RestatedLine]:
    """What a preparation listed, in the words of the newest edition."""
    lines = []
    for each in listed:
        known = content["figures"].get(each.code)
        difference = Difference(
            code=each.code,
            site=each.site.code if each.site else GROUP,
            title=known["title"] if known else {"en": each.code},
            unit=known["unit"] if known else {},
            decimals=known["decimals"] if known else 2,
            old=each.old_value or None,
            new=each.new_value or None,
        )
        lines += from_differences([difference], places)
    return lines
