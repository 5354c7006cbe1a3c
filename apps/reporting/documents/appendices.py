"""What follows the chapters: targets, calculations, figures by site, restatements, methods, the index."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.formats import NO_VALUE, number, percent, typed
from apps.reporting.content.shape import GROUP, LineContent
from apps.reporting.documents.blocks import Block, Cell, Column, Heading, Row, Table, Text
from apps.reporting.documents.tables import by_site_tables
from apps.reporting.documents.words import Told, day, paragraphs
from apps.reporting.index import Status
from apps.reporting.models.guides import Obligation

# Tables whose totals are printed by site; those about people are in the data book.
_BY_SITE: Final = ("production", "A1", "A2", "GHG", "NRG")
# Of a result that nobody declared a number of decimals for.
_DECIMALS: Final = 2


def _targets(told: Told) -> Iterator[Block]:
    targets = told.content["targets"]
    if not targets:
        return
    yield Heading(level=1, text=_("Targets and progress"), anchor="targets", starts_page=True)
    columns = (
        Column(title=_("Target"), width=7),
        Column(title=_("Unit"), width=2),
        Column(title=_("Base year"), width=6, is_number=True),
        Column(title=_("To be reached"), width=6, is_number=True),
        Column(title=told.year, width=3, is_number=True),
        Column(title=_("Way covered"), width=3, is_number=True),
        Column(title=_("Finding of the review"), width=5),
    )
    rows = tuple(
        _row(
            told.say(target["title"]),
            told.say(target["unit"]),
            _in_year(told.rounded(target["base_value"], target["figure"]), target["base_year"]),
            _in_year(told.rounded(target["target_value"], target["figure"]), target["target_year"]),
            told.rounded(target["current"], target["figure"]),
            # In the base year nothing is covered yet; its value was rounded when it was set.
            f"{number(Decimal(target['progress']), 1)} %"
            if target["progress"] is not None and str(target["base_year"]) != told.year
            else NO_VALUE,
            told.say(target["verdict"]),
        )
        for target in targets
    )
    yield Table(title=_("Targets of the group"), columns=columns, rows=rows)
    for target in targets:
        if target["remark"]:
            yield Text(text=f"{told.say(target['title'])}: {target['remark']}", style="note")


def _in_year(value: str, year: int) -> str:
    """A target that is a direction has a year and no value."""
    if value == NO_VALUE:
        return str(year)
    return _("%(value)s (%(year)s)") % {"value": value, "year": year}


def _calculations(told: Told) -> Iterator[Block]:
    """A table for each unit, with every figure that has a calculation: what was used, times what, makes what.

    The lines of the sites are added up; the data book has them one by one.
    """
    worked = told.content["calculations"]
    by_unit: dict[str, list[str]] = {}
    # Once for each figure: each is held against all others.
    lines = {code: _lines(told, sites) for code, sites in worked.items() if any(sites.values())}
    for code in lines:
        if not _is_listed_elsewhere(told, lines, code):
            by_unit.setdefault(told.unit(code), []).append(code)
    if not by_unit:
        return
    yield Heading(level=1, text=_("How energy and emissions were worked out"), anchor="calculations")
    for unit, codes in by_unit.items():
        columns = (
            Column(title=_("Source"), width=5),
            Column(title=_("Quantity"), width=4, is_number=True),
            Column(title=_("Unit"), width=2),
            Column(title=_("Multiplied by"), width=9),
            Column(title=_("Result (%(unit)s)") % {"unit": unit}, width=4, is_number=True),
        )
        rows = tuple(row for code in codes for row in _working(told, code, worked[code]))
        yield Table(title=_("Worked out in %(unit)s") % {"unit": unit}, columns=columns, rows=rows)
    if told.content["factors"]:
        yield from _factors(told)
    for instrument in told.content["instruments"]:
        text = _("%(site)s: %(kind)s, %(amount)s MWh.") % {
            "site": told.place(instrument["site"]),
            "kind": told.say(instrument["kind"]),
            "amount": typed(Decimal(instrument["mwh"])),
        }
        yield Text(text=f"{text} {instrument['note']}".strip(), style="note")


def _working(told: Told, code: str, sites: dict[str, list[LineContent]]) -> Iterator[Row]:
    """The lines of one figure under its name, and what they add up to where there are several."""
    figure = told.figure(code)
    yield Row(cells=(Cell(text=told.title(code)),), style="heading")
    lines = _alike(told, sites)
    for title, alike in lines:
        yield _row(title, *_added(told, alike, figure["decimals"] if figure else _DECIMALS))
    at = told.at(code)
    if at is not None and at["value"] is not None and len(lines) > 1:
        total = tuple(Cell(text=text) for text in (_("Total"), "", "", "", at["display"]))
        yield Row(cells=total, style="sum")


def _lines(told: Told, sites: Mapping[str, list[LineContent]]) -> set[tuple[str, str, str]]:
    return {(place, line["code"], told.say(line["title"])) for place, lines in sites.items() for line in lines}


def _is_listed_elsewhere(told: Told, lines: Mapping[str, set[tuple[str, str, str]]], code: str) -> bool:
    """Whether all its lines stand under another figure too: those of one fuel under all of scope 1."""
    mine = lines[code]
    return any(
        mine < lines[other] or (mine == lines[other] and other < code)
        for other in lines
        if other != code and told.unit(other) == told.unit(code)
    )


def _alike(told: Told, sites: dict[str, list[LineContent]]) -> list[tuple[str, list[LineContent]]]:
    """Lines about one thing that are multiplied alike stand together; where sites differ, the title names them."""
    found: dict[tuple[str, str, str], list[LineContent]] = {}
    at: dict[tuple[str, str, str], list[str]] = {}
    for place, lines in sites.items():
        for line in lines:
            key = (told.say(line["title"]), told.say(line["unit"]), _times(line))
            found.setdefault(key, []).append(line)
            at.setdefault(key, []).append(told.place(place))
    titles = [key[0] for key in found]
    return [
        (key[0] if titles.count(key[0]) == 1 else f"{key[0]} ({', '.join(at[key])})", lines)
        for key, lines in found.items()
    ]


def _times(line: LineContent) -> str:
    """19.57 GJ/t × 0.93 …: as people write it on paper."""
    return " ".join(f"× {step['value']} {step['unit']}".strip() for step in line["steps"])


def _added(told: Told, lines: list[LineContent], decimals: int) -> tuple[str, str, str, str]:
    amounts = [Decimal(line["amount"]) for line in lines if line["amount"] is not None]
    results = [Decimal(line["result"]) for line in lines if line["result"] is not None]
    reason = next((told.say(line["reason"]) for line in lines if line["result"] is None), "")
    return (
        typed(sum(amounts, Decimal(0))) if amounts else NO_VALUE,
        told.say(lines[0]["unit"]),
        reason or _times(lines[0]),
        number(sum(results, Decimal(0)), decimals) if len(results) == len(lines) else NO_VALUE,
    )


def _factors(told: Told) -> Iterator[Block]:
    columns = (
        Column(title=_("Factor"), width=7),
        Column(title=_("Value"), width=2, is_number=True),
        Column(title=_("Unit"), width=3),
        Column(title=_("Source"), width=9),
    )
    rows = tuple(
        _row(
            told.say(factor["title"]),
            factor["value"],
            factor["unit"],
            _("%(source)s (to be confirmed)") % {"source": factor["source"]}
            if factor["is_doubtful"]
            else factor["source"],
        )
        for factor in told.content["factors"]
    )
    yield Table(title=_("Factors used"), columns=columns, rows=rows)


def _sites(told: Told) -> Iterator[Block]:
    if not told.few_sites:
        return
    tables = [table for table in told.content["tables"] if table["aspect"] in _BY_SITE]
    blocks = tuple(by_site_tables(told, tables))
    if blocks:
        yield Heading(level=1, text=_("Environmental figures by site"), anchor="sites", starts_page=True)
        yield from blocks


def _restatements(told: Told) -> Iterator[Block]:
    listed = told.content["restatements"]
    if not listed:
        return
    yield Heading(level=1, text=_("Restatements"), anchor="restatements")
    for each in listed:
        yield Text(
            text=_("%(kind)s, edition %(number)s") % {"kind": told.say(each["kind"]), "number": each["edition"]},
            style="label",
        )
        yield from paragraphs(told.say(each["cause"]))
        if each["approved_on"]:
            yield Text(text=_("Approved on %(day)s.") % {"day": day(each["approved_on"])}, style="note")
        if each["figures"]:
            columns = (
                Column(title=_("Figure"), width=7),
                Column(title=_("Place"), width=3),
                Column(title=_("Unit"), width=2),
                Column(title=_("As published before"), width=4, is_number=True),
                Column(title=_("Restated"), width=4, is_number=True),
                Column(title=_("Change"), width=3, is_number=True),
            )
            rows = tuple(
                _row(
                    told.title(figure["code"]),
                    told.place(figure["site"]),
                    told.unit(figure["code"]),
                    figure["old_display"],
                    figure["new_display"],
                    percent(Decimal(figure["change"])) if figure["change"] is not None else NO_VALUE,
                )
                for figure in each["figures"]
            )
            yield Table(title=_("Figures that changed"), columns=columns, rows=rows)


def _methods(told: Told) -> Iterator[Block]:
    """What a reader must know to judge the figures."""
    yield Heading(level=1, text=_("Methods and coverage"), anchor="methods")
    names = [told.place(site["code"]) for site in told.content["sites"]]
    if names and told.few_sites or len(names) == 1:
        yield Text(text=_("Sites covered: %(sites)s.") % {"sites": ", ".join(names)})
    elif names:
        yield Text(
            text=ngettext("%(count)s site is covered.", "%(count)s sites are covered.", len(names))
            % {"count": len(names)}
        )
    yield Text(text=_("Figures rest on forms that somebody else than their author has approved:"))
    for section, (approved, expected) in coverage(told)[GROUP].items():
        title = told.say(told.content["sections"].get(section, {})) or section
        text = _("%(section)s: %(approved)s of %(expected)s forms approved") % {
            "section": title,
            "approved": approved,
            "expected": expected,
        }
        yield Text(text=text, style="item", mark="•")
    if told.content["remark"]:
        yield Text(text=told.content["remark"])
    yield Text(
        text=_("Numbers are rounded half up when they are printed and nowhere before; the data book has all digits.")
    )
    if told.content["last_year"]:
        yield Text(text=_("Changes are against %(year)s, from unrounded values.") % {"year": told.content["last_year"]})
    if any(at["is_withheld"] for figure in told.content["figures"].values() for at in figure["places"].values()):
        yield Text(text=_("Withheld are figures about small groups, and those from which they could be worked out."))


def coverage(told: Told, places: Sequence[str] = (GROUP,)) -> dict[str, dict[str, tuple[int, int]]]:
    """Of each form at each of ``places``: how many are approved, of how many expected."""
    found: dict[str, dict[str, tuple[int, int]]] = {place: {} for place in places}
    for figure in told.content["figures"].values():
        # A figure that is worked out from others counts their forms together.
        if not figure["section"] or figure["made_of"] or figure["kind"] != "Flow":
            continue
        for place, of_place in found.items():
            at = figure["places"].get(place)
            if at is not None:
                of_place[figure["section"]] = max(
                    of_place.get(figure["section"], (0, 0)), (at["approved"], at["expected"]), key=lambda each: each[1]
                )
    return {place: dict(sorted(of_place.items())) for place, of_place in found.items()}


def _index(told: Told) -> Iterator[Block]:
    yield Heading(level=1, text=_("Index of the guide"), anchor="index", starts_page=True)
    yield Text(text=f"{told.say(told.content['guide']['name'])}. {told.content['guide']['source']}.", style="note")
    columns = (
        Column(title=_("Provision"), width=4),
        Column(title=_("What is asked for"), width=14),
        Column(title=_("Obligation"), width=6),
        Column(title=_("Status"), width=5),
        Column(title=_("Where"), width=9),
    )
    rows = []
    for provision in told.content["provisions"]:
        if provision["kind"] == "chapter":
            continue
        is_told = provision["status"] != Status.MISSING.value
        aspect = told.say(told.content["aspects"].get(provision["aspect"], {})) or provision["aspect"]
        # Words of its own stand under a heading of its own.
        anchor = f"provision-{provision['code']}" if provision["statement"] else f"aspect-{provision['aspect']}"
        where = Cell(text=aspect, anchor=anchor) if is_told else Cell(text=NO_VALUE)
        texts = (
            provision["code"],
            told.say(provision["title"]),
            str(Obligation(provision["obligation"]).label),
            str(Status(provision["status"]).label),
        )
        rows.append(Row(cells=(*(Cell(text=text) for text in texts), where)))
    yield Table(title=_("Provisions of the guide"), columns=columns, rows=tuple(rows))


def _row(*texts: str) -> Row:
    return Row(cells=tuple(Cell(text=text) for text in texts))


# By the name of the tag that stands for each in a template.
APPENDICES: Final[dict[str, Callable[[Told], Iterator[Block]]]] = {
    "targets": _targets,
    "calculations": _calculations,
    "sites": _sites,
    "restatements": _restatements,
    "methods": _methods,
    "index": _index,
}
