"""The data book: every figure, where it comes from and how it is worked out, as a workbook with real numbers."""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.core.formats import NO_VALUE
from apps.core.spreadsheets import neutralise
from apps.reporting.content.shape import GROUP, Content, PlaceFigure
from apps.reporting.documents.appendices import coverage
from apps.reporting.documents.words import Told, day
from apps.reporting.index import Status
from apps.reporting.models.guides import Obligation, ProvisionKind

# More digits than Excel keeps.
_MOST_DIGITS: Final = 15
# Excel takes no longer cell, and the workbook would be written without it.
_MOST_SIGNS: Final = 32_767
_WIDE: Final = 44
_NARROW: Final = 14
_SHEET_NAME: Final = 31
_SOFT: Final = "#595959"


class _Number:
    """A cell that is a number; ``None`` is a dash with its reason."""

    def __init__(self, value: str | None, decimals: int, reason: str = "", *, is_percent: bool = False) -> None:
        self.value = Decimal(value) if value is not None else None
        self.reason = reason
        if is_percent:
            digits = f"0.{'0' * decimals}%"
            self.format = f"+{digits};-{digits};{digits}"
            self.value = self.value / 100 if self.value is not None else None
        else:
            self.format = "#,##0" + ("." + "0" * decimals if decimals else "")


_Value = str | int | _Number


def data_book(content: Content, language: str) -> bytes:
    """Eight sheets, in one language. The same content gives the same bytes."""
    with translation.override(language):
        told = Told(content=content, language=language)
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as workbook:
            written_on = (content["published_at"] or content["year"]["ends_on"])[:10]
            created = dt.datetime.combine(dt.date.fromisoformat(written_on), dt.time())
            title = _("ESG data book %(year)s") % {"year": told.year}
            workbook.set_properties({"created": created, "title": title, "author": told.say(content["group"]["name"])})
            book = _Book(workbook, told, title)
            _figures(book)
            _by_site(book)
            _definitions(book)
            _coverage(book)
            _restatements(book)
            _factors(book)
            _calculations(book)
            _index(book)
        return buffer.getvalue()


class _Book:
    """A workbook in which each sheet is written from the top down: heads, then rows."""

    def __init__(self, workbook: Any, told: Told, title: str) -> None:
        self.told = told
        self._workbook = workbook
        self._title = title
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def sheet(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[_Value]]) -> None:
        sheet = self._workbook.add_worksheet(name[:_SHEET_NAME])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, _NARROW * 2)
        sheet.set_column(1, 1, _WIDE)
        sheet.set_column(2, max(len(heads), 3), _NARROW)
        told = self.told
        top = [
            f"{told.say(told.content['group']['name'])} · {self._title} · {name}",
            told.say(told.content["group"]["notice"]),
        ]
        if told.is_draft:
            top.insert(0, "DRAFT · 草稿 · 草擬本")
        line = 0
        for text in top:
            if text:
                sheet.write_string(line, 0, neutralise(text), self._format(bold=line == 0))
                line += 1
        line += 1
        for column, head in enumerate(heads):
            sheet.write_string(line, column, neutralise(head), self._format(bold=True, text_wrap=True, bottom=1))
        sheet.freeze_panes(line + 1, 2)
        sheet.repeat_rows(line)
        for row in rows:
            line += 1
            for column, value in enumerate(row):
                self._write(sheet, line, column, value)

    def _write(self, sheet: Any, line: int, column: int, value: _Value) -> None:
        if isinstance(value, _Number):
            if value.value is None:
                text = f"{NO_VALUE} {value.reason}".strip()
                sheet.write_string(line, column, text, self._format(align="right", font_color=_SOFT))
            else:
                sheet.write_number(line, column, value.value, self._format(num_format=value.format))
        elif isinstance(value, int):
            sheet.write_number(line, column, value, self._format())
        elif value:
            text = neutralise(value)
            text = text if len(text) <= _MOST_SIGNS else f"{text[: _MOST_SIGNS - 1]}…"
            sheet.write_string(line, column, text, self._format(text_wrap=column == 1))

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format({"valign": "top", **properties})
        return self._formats[key]


def exact(value: str | None) -> str:
    """All digits as text where Excel would drop some; else nothing."""
    digits = (value or "").replace(".", "").lstrip("-0")
    return value or "" if len(digits) > _MOST_DIGITS else ""


def _at(told: Told, at: PlaceFigure, decimals: int) -> _Number:
    return _Number(at["value"], decimals, _("withheld") if at["is_withheld"] else told.say(at["reason"]))


def _figures(book: _Book) -> None:
    told = book.told
    last = told.content["last_year"]
    heads = [_("Code"), _("Figure"), _("Unit"), told.year, _("All digits")]
    heads += [last, _("Change")] if last else []
    heads += [_("Forms approved"), _("Forms expected"), _("Rows behind it"), _("Provisions"), _("Remark")]
    rows: list[list[_Value]] = []
    for code, figure in told.content["figures"].items():
        at = figure["places"].get(GROUP)
        if at is None:
            continue
        row: list[_Value] = [
            code,
            told.title(code),
            told.unit(code),
            _at(told, at, figure["decimals"]),
            exact(at["value"]),
        ]
        if last:
            row += [_Number(at["last"], figure["decimals"]), _Number(at["change"], 1, is_percent=True)]
        row += [at["approved"], at["expected"], at["rows"], " ".join(figure["provisions"]), told.say(at["gap"])]
        rows.append(row)
    book.sheet(_("Figures"), heads, rows)


def _by_site(book: _Book) -> None:
    told = book.told
    places = [GROUP, *(site["code"] for site in told.content["sites"])]
    heads = [_("Code"), _("Figure"), _("Unit"), *(told.place(place) for place in places)]

    def rows() -> Iterator[list[_Value]]:
        for code, figure in told.content["figures"].items():
            row: list[_Value] = [code, told.title(code), told.unit(code)]
            for place in places:
                at = figure["places"].get(place)
                row.append(_at(told, at, figure["decimals"]) if at is not None else "")
            yield row

    book.sheet(_("By site"), heads, rows())


def _definitions(book: _Book) -> None:
    told = book.told
    heads = [
        _("Code"),
        _("Figure"),
        _("Unit"),
        _("Decimals printed"),
        _("Kind"),
        _("Form"),
        _("Provisions"),
        _("Worked out from"),
        _("Meaning"),
    ]
    sections = told.content["sections"]
    rows: list[list[_Value]] = [
        [
            code,
            told.title(code),
            told.unit(code),
            figure["decimals"],
            figure["kind"],
            told.say(sections.get(figure["section"], {})) or figure["section"],
            " ".join(figure["provisions"]),
            " ".join(figure["made_of"]),
            figure["meaning"],
        ]
        for code, figure in told.content["figures"].items()
    ]
    book.sheet(_("Definitions"), heads, rows)


def _coverage(book: _Book) -> None:
    told = book.told
    places = [GROUP, *(site["code"] for site in told.content["sites"])]
    rows: list[list[_Value]] = []
    for place, of_place in coverage(told, places).items():
        for section, (approved, expected) in of_place.items():
            title = told.say(told.content["sections"].get(section, {})) or section
            rows.append([told.place(place), title, approved, expected])
    book.sheet(_("Coverage"), [_("Place"), _("Form"), _("Forms approved"), _("Forms expected")], rows)


def _restatements(book: _Book) -> None:
    told = book.told
    heads = [
        _("Code"),
        _("Figure"),
        _("Place"),
        _("Unit"),
        _("As published before"),
        _("Restated"),
        _("Change"),
        _("Edition"),
        _("Kind"),
        _("Cause"),
        pgettext("restatement", "Prepared by"),
        _("Approved by"),
        _("Approved on"),
    ]
    rows: list[list[_Value]] = []
    for each in told.content["restatements"]:
        end: list[_Value] = [
            each["edition"],
            told.say(each["kind"]),
            told.say(each["cause"]),
            each["prepared_by"],
            each["approved_by"],
            day(each["approved_on"]),
        ]
        if not each["figures"]:
            rows.append(["", "", "", "", "", "", "", *end])
        for changed in each["figures"]:
            known = told.figure(changed["code"])
            decimals = known["decimals"] if known else 2
            rows.append(
                [
                    changed["code"],
                    told.title(changed["code"]),
                    told.place(changed["site"]),
                    told.unit(changed["code"]),
                    _Number(changed["old"] or None, decimals),
                    _Number(changed["new"] or None, decimals),
                    _Number(changed["change"], 3, is_percent=True),
                    *end,
                ]
            )
    book.sheet(_("Restatements"), heads, rows)


def _factor(written: str) -> _Number:
    """A factor as a number, with the decimals that its source prints."""
    plain = written.replace(",", "")
    return _Number(plain, len(plain.partition(".")[2]))


def _factors(book: _Book) -> None:
    told = book.told
    heads = [_("Reference"), _("Factor"), _("Value"), _("Unit"), _("Source"), _("To be confirmed")]
    rows: list[list[_Value]] = [
        [
            factor["reference"],
            told.say(factor["title"]),
            _factor(factor["value"]),
            factor["unit"],
            factor["source"],
            _("Yes") if factor["is_doubtful"] else "",
        ]
        for factor in told.content["factors"]
    ]
    book.sheet(_("Factors"), heads, rows)


def _calculations(book: _Book) -> None:
    told = book.told
    heads = [
        _("Code"),
        _("Figure"),
        _("Place"),
        _("Source"),
        _("Quantity"),
        _("Unit"),
        _("Result"),
        _("Result in"),
        _("Steps"),
        _("Remark"),
    ]

    def rows() -> Iterator[list[_Value]]:
        for code, sites in told.content["calculations"].items():
            for place, lines in sites.items():
                for line in lines:
                    steps = " × ".join(
                        f"{told.say(step['title'])} {step['value']} {step['unit']}".strip() for step in line["steps"]
                    )
                    yield [
                        code,
                        told.title(code),
                        told.place(place),
                        told.say(line["title"]),
                        _Number(line["amount"], 3),
                        told.say(line["unit"]),
                        _Number(line["result"], 3, told.say(line["reason"])),
                        told.unit(code),
                        steps,
                        exact(line["result"]),
                    ]

    book.sheet(_("Calculations"), heads, rows())


def _index(book: _Book) -> None:
    told = book.told
    heads = [
        _("Provision"),
        _("What is asked for"),
        _("Kind"),
        _("Obligation"),
        _("Status"),
        _("Figures"),
        _("Responsible"),
        pgettext("words of the report", "Statement"),
    ]
    rows: list[list[_Value]] = [
        [
            provision["code"],
            told.say(provision["title"]),
            str(ProvisionKind(provision["kind"]).label),
            str(Obligation(provision["obligation"]).label),
            str(Status(provision["status"]).label),
            " ".join(provision["figures"]),
            provision["responsible"],
            told.say(provision["statement"]),
        ]
        for provision in told.content["provisions"]
    ]
    book.sheet(_("Index"), heads, rows)
