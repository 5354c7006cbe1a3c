"""Flat rows: one figure each, the same columns in CSV, JSON and the workbook's data sheet."""

from decimal import Decimal
from typing import Any, Final

from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrPromise

from apps.core.spreadsheets import neutralise
from apps.indicators.figures import Figure, text_of
from apps.organisation.models import ReportingYear

# In English the heads are the names that programs know the columns by.
HEADS: Final[dict[str, StrPromise]] = {
    "year": pgettext_lazy("column of figures", "year"),
    "code": pgettext_lazy("column of figures", "code"),
    "hkex": pgettext_lazy("column of figures", "hkex"),
    "title": pgettext_lazy("column of figures", "title"),
    "site": pgettext_lazy("column of figures", "site"),
    "value": pgettext_lazy("column of figures", "value"),
    "display": pgettext_lazy("column of figures", "display"),
    "unit": pgettext_lazy("column of figures", "unit"),
    "numerator": pgettext_lazy("column of figures", "numerator"),
    "denominator": pgettext_lazy("column of figures", "denominator"),
    "rows": pgettext_lazy("column of figures", "rows"),
    "gaps": pgettext_lazy("column of figures", "gaps"),
    "approved": pgettext_lazy("column of figures", "approved"),
    "expected": pgettext_lazy("column of figures", "expected"),
    "basis": pgettext_lazy("column of figures", "basis"),
    "reason": pgettext_lazy("column of figures", "reason"),
    "published": pgettext_lazy("column of figures", "published"),
}


# Said in words on the page and in spreadsheets; programs see the value that is None.
_NOT_FOR_PROGRAMS: Final = ("gaps", "reason", "published")


def json_row(figure: Figure, year: ReportingYear) -> dict[str, Any]:
    """One figure for programs. ``site`` is None for the group; numbers are text, so that no digit is lost."""
    return {name: value for name, value in row_of(figure, year).items() if name not in _NOT_FOR_PROGRAMS}


def row_of(figure: Figure, year: ReportingYear) -> dict[str, Any]:
    """One figure, by column."""
    return {
        "year": year.code,
        "code": figure.kpi.code,
        "hkex": list(figure.kpi.hkex),
        "title": str(figure.kpi.title),
        "site": figure.site.code if figure.site else None,
        "value": figure.value_text,
        "display": figure.display,
        "unit": figure.kpi.unit,
        "numerator": text_of(figure.numerator),
        "denominator": text_of(figure.denominator),
        "rows": figure.rows,
        "gaps": figure.gaps,
        "approved": figure.coverage.approved,
        "expected": figure.coverage.expected,
        "basis": str(figure.basis.value),
        "reason": str(figure.reason),
        # As in the newest edition: where it is not the value beside it, the figure differs from what was published.
        "published": figure.published.value if figure.published else None,
    }


_NUMBERS: Final = ("value", "numerator", "denominator", "rows", "gaps", "approved", "expected", "published")


def heads() -> list[str]:
    """In the active language."""
    return [str(head) for head in HEADS.values()]


def cells_of(figure: Figure, year: ReportingYear, *, native: bool) -> list[str | Decimal]:
    """One figure as a line of a file. ``native`` leaves numbers numbers, for workbooks."""
    return [
        _number(value, native=native) if name in _NUMBERS else _text(value)
        for name, value in row_of(figure, year).items()
    ]


def _text(value: Any) -> str:
    """Text that no spreadsheet program takes for a formula."""
    return neutralise(" ".join(value) if isinstance(value, list) else str(value or ""))


def _number(value: Any, *, native: bool) -> str | Decimal:
    """A number as text or, where a cell can hold one, as a number. Digits are no formula."""
    if value is None:
        return ""
    return Decimal(value) if native else str(value)
