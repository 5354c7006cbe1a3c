"""The tables of figures of the report: the group, the year before, density, treatment; and one by site."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from apps.core.formats import NO_VALUE, percent
from apps.reporting.content.shape import TableContent, TableLine
from apps.reporting.documents.blocks import Block, Cell, Column, Row, Table, Text
from apps.reporting.documents.words import Told

# Site columns that fit beside each other on a portrait page.
_SITES_ABREAST: Final = 5


def figure_table(told: Told, table: TableContent) -> Iterator[Block]:
    """One table with its notes; nothing where no line has a figure."""
    numbered = [(index, line) for index, line in enumerate(table["lines"]) if _is_told(told, line)]
    if not numbered:
        return
    lines = [line for _index, line in numbered]
    if len(table["years"]) > 1:
        yield _over_years(told, table, numbered)
    else:
        yield _of_year(told, table, lines)
    yield from _notes(told, table)


def provision_table(told: Told, title: str, codes: Iterable[str]) -> Iterator[Block]:
    """Figures of a provision that stand in no table of their own."""
    shown = [code for code in codes if (at := told.at(code)) is not None and at["value"] is not None]
    if shown:
        columns = (
            Column(title=_("Figure"), width=6),
            Column(title=_("Unit"), width=2),
            Column(title=told.year, width=2, is_number=True),
        )
        rows = tuple(Row(cells=_cells(told.title(code), told.unit(code), _display(told, code))) for code in shown)
        yield Table(title=title, columns=columns, rows=rows)


def by_site_tables(told: Told, tables: Iterable[TableContent]) -> Iterator[Block]:
    """The totals of ``tables`` at each site, a few sites abreast."""
    sites = [site["code"] for site in told.content["sites"]]
    for table in tables:
        lines = [line for line in table["lines"] if _is_told(told, line)]
        for start in range(0, len(sites) if lines else 0, _SITES_ABREAST):
            abreast = ["", *sites[start : start + _SITES_ABREAST]]
            columns = (
                Column(title=told.say(table["item_title"]), width=5),
                Column(title=_("Unit"), width=2),
                *(Column(title=told.place(code), width=3, is_number=True) for code in abreast),
            )
            rows = _with_headings(
                told,
                lines,
                [
                    _cells(
                        told.say(line["title"]),
                        told.unit(line["total"]),
                        *(_display(told, line["total"], code) for code in abreast),
                    )
                    for line in lines
                ],
            )
            yield Table(title=told.say(table["title"]), columns=columns, rows=rows)


def _of_year(told: Told, table: TableContent, lines: Sequence[TableLine]) -> Table:
    unit = _common_unit(told, lines)
    last = told.content["last_year"] if any(_has_last(told, line["total"]) for line in lines) else ""
    has_density = any(line["density"] for line in lines)
    amount = told.say(table["amount_title"])
    columns = [Column(title=told.say(table["item_title"]), width=7)]
    if not unit:
        columns.append(Column(title=_("Unit"), width=2))
    head = _("%(amount)s %(year)s") % {"amount": amount, "year": told.year}
    columns.append(Column(title=f"{head} ({unit})" if unit else head, width=4, is_number=True))
    if last:
        columns += [Column(title=last, width=3, is_number=True), Column(title=_("Change"), width=3, is_number=True)]
    if has_density:
        columns.append(Column(title=told.say(table["density_title"]), width=5, is_number=True))
    if table["words_title"]:
        columns.append(Column(title=told.say(table["words_title"]), width=7))
    cells = []
    for line in lines:
        row = [told.say(line["title"])]
        if not unit:
            row.append(told.unit(line["total"]))
        row.append(_display(told, line["total"]))
        if last:
            row += _last(told, line["total"])
        if has_density:
            row.append(_density(told, line["density"]))
        if table["words_title"]:
            row.append(told.say(line["words"]))
        cells.append(_cells(*row))
    return Table(title=told.say(table["title"]), columns=tuple(columns), rows=_with_headings(told, lines, cells))


def _over_years(told: Told, table: TableContent, numbered: Sequence[tuple[int, TableLine]]) -> Table:
    columns = (
        Column(title=told.say(table["item_title"]), width=7),
        Column(title=_("Unit"), width=3),
        *(Column(title=year, width=3, is_number=True) for year in table["years"]),
    )
    cells = []
    for index, line in numbered:
        by_year = {value["year"]: value["display"] for value in table["history"][index]}
        # What is withheld this year says so, as in the other tables.
        by_year[told.year] = _display(told, line["total"])
        values = (by_year.get(year, NO_VALUE) for year in table["years"])
        cells.append(_cells(told.say(line["title"]), told.unit(line["total"]), *values))
    lines = [line for _index, line in numbered]
    return Table(title=told.say(table["title"]), columns=columns, rows=_with_headings(told, lines, cells))


def _with_headings(told: Told, lines: Sequence[TableLine], cells: Sequence[tuple[Cell, ...]]) -> tuple[Row, ...]:
    rows: list[Row] = []
    heading = ""
    for line, each in zip(lines, cells, strict=True):
        named = told.say(line["heading"])
        if named and named != heading:
            rows.append(Row(cells=(Cell(text=named),), style="heading"))
        heading = named
        rows.append(Row(cells=each, style="sum" if line["is_sum"] else "part" if line["is_part"] else "plain"))
    return tuple(rows)


def _notes(told: Told, table: TableContent) -> Iterator[Text]:
    """What is said under a table: its own note, sums that lack rows, what has no figure and why."""
    note = told.say(table["note"])
    if note:
        yield Text(text=note, style="note")
    lacking = []
    for line in table["lines"]:
        at = told.at(line["total"])
        if at is None:
            continue
        if at["gap"]:
            yield Text(text=f"{told.say(line['title'])}: {told.say(at['gap'])}", style="note")
        if not _is_told(told, line):
            reason = told.say(at["reason"])
            lacking.append(f"{told.say(line['title'])} ({reason})" if reason else told.say(line["title"]))
    if lacking:
        yield Text(text=_("Without a figure: %(items)s.") % {"items": "; ".join(lacking)}, style="note")


def _is_told(told: Told, line: TableLine) -> bool:
    at = told.at(line["total"])
    return at is not None and (at["value"] is not None or at["is_withheld"] or at["last"] is not None)


def _has_last(told: Told, code: str) -> bool:
    at = told.at(code)
    return at is not None and at["last"] is not None


def _common_unit(told: Told, lines: Sequence[TableLine]) -> str:
    """The unit of all lines, which then stands in the head; empty where they differ."""
    units = {told.unit(line["total"]) for line in lines}
    return units.pop() if len(units) == 1 else ""


def _display(told: Told, code: str, place: str = "") -> str:
    at = told.at(code, place)
    if at is None:
        return NO_VALUE
    return _("withheld") if at["is_withheld"] else at["display"]


def _last(told: Told, code: str) -> tuple[str, str]:
    at = told.at(code)
    if at is None:
        return NO_VALUE, NO_VALUE
    return at["last_display"], percent(Decimal(at["change"])) if at["change"] is not None else NO_VALUE


def _density(told: Told, code: str) -> str:
    at = told.at(code)
    if at is None:
        return ""
    display = _display(told, code)
    return f"{display} {told.unit(code)}" if at["value"] is not None else display


def _cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text=text) for text in texts)
