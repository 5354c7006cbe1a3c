"""Section declarations: which form, how often. Each domain app declares its own in its ``sections.py``."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django_stubs_ext import StrPromise

from apps.core.registry import Registry
from apps.organisation.choices import Frequency
from apps.organisation.models import SiteRow
from apps.submissions.models import QuantityRecord, Record

if TYPE_CHECKING:
    from apps.submissions.findings import Finding
    from apps.submissions.sheets import Sheet

Check = Callable[["Sheet"], Iterable["Finding"]]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Fixed rows: one quantity for every catalogue row that the site answers.

    ``site_row`` says which site answers which row; its ``row_fields`` are those of ``model``.
    ``extra_quantities`` are optional decimal fields of the record in the row's canonical unit.
    """

    code: str
    model: type[QuantityRecord]
    site_row: type[SiteRow]
    title: StrPromise
    help: StrPromise | str = ""
    extra_quantities: tuple[str, ...] = ()

    @property
    def item_field(self) -> str:
        """The foreign key whose row gives the unit; any others only tell rows apart."""
        return self.model.row_fields[0]


@dataclass(frozen=True, kw_only=True)
class Register:
    """Free rows: as many entries as there were events. ``form`` is a ModelForm that takes ``submission``."""

    code: str
    model: type[Record]
    form: type[forms.ModelForm[Any]]
    title: StrPromise
    help: StrPromise | str = ""
    # Whether an empty register must be confirmed as "nothing to report".
    answer_required: bool = False
    # Fields of the model by the column of the import file that fills them; without any, files leave it alone.
    file_fields: dict[str, str] = field(default_factory=dict)
    # The unit in which files give the quantity.
    file_unit: str = ""
    # What the checks need beside the stored columns, such as the limit in force.
    annotate: Callable[[models.QuerySet[Any]], models.QuerySet[Any]] | None = None
    # Of these, what the reviewer sees beside the entered columns, with its heading.
    review_columns: dict[str, StrPromise] = field(default_factory=dict)


Table = Grid | Register


@dataclass(frozen=True, kw_only=True)
class Section:
    """One form that sites hand in, and the checks that run over it."""

    code: str
    title: StrPromise
    frequency: Frequency
    tables: tuple[Table, ...]
    checks: tuple[Check, ...] = ()
    hkex: Sequence[str] = ()

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(table for table in self.tables if isinstance(table, Grid))

    @property
    def registers(self) -> tuple[Register, ...]:
        return tuple(table for table in self.tables if isinstance(table, Register))

    def table(self, code: str) -> Table:
        return next(table for table in self.tables if table.code == code)


sections: Registry[Section] = Registry("section")
