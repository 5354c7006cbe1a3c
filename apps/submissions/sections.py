"""Section declarations: which form, how often. Each domain app declares its own in its ``sections.py``."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django_stubs_ext import StrPromise

from apps.core.registry import Registry
from apps.organisation.choices import Frequency
from apps.organisation.models import SiteRow
from apps.submissions.choices import Method
from apps.submissions.models import QuantityRecord, Record

if TYPE_CHECKING:
    from apps.submissions.findings import Finding
    from apps.submissions.sheets import Sheet

Check = Callable[["Sheet"], Iterable["Finding"]]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A row that every site answers: its catalogue rows, in the order of the record's ``row_fields``, and its days."""

    catalogue: tuple[Any, ...]
    valid_from: dt.date
    valid_until: dt.date | None

    def holds_during(self, first_day: dt.date, last_day: dt.date) -> bool:
        return self.valid_from <= last_day and (self.valid_until is None or self.valid_until >= first_day)


@dataclass(frozen=True, kw_only=True)
class Block:
    """Lines of a matrix that together make a whole. ``counts``: the line is a part of it, and not listed apart.

    All blocks divide the same whole; the one that ``gives_total`` says how much that is.
    """

    code: str
    title: str
    counts: bool
    gives_total: bool


@dataclass(frozen=True, kw_only=True)
class OtherWay:
    """Another way to fill a grid: its words, and the name of its page, which takes the submission's number."""

    title: StrPromise
    view: str


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Fixed rows: one quantity for every catalogue row that the site answers.

    Which they are says ``site_row``, whose ``row_fields`` are those of ``model``; or ``everywhere``, where all sites
    answer the same. ``across`` names the one of two row fields that runs across the page, which makes it a matrix;
    ``block_of`` says of the other one's rows in which block a line stands.
    ``methods`` are those that the page offers, the usual one first. ``extra_quantities`` are optional decimal fields of
    the record in the row's canonical unit.
    """

    code: str
    model: type[QuantityRecord]
    site_row: type[SiteRow] | None = None
    everywhere: Callable[[], Sequence[Asked]] | None = None
    title: StrPromise
    help: StrPromise | str = ""
    across: str = ""
    block_of: Callable[[Any], Block] | None = None
    other_way: OtherWay | None = None
    methods: tuple[Method, ...] = tuple(Method)
    extra_quantities: tuple[str, ...] = ()

    def asked(self, sites: Iterable[int], first_day: dt.date, last_day: dt.date) -> dict[int, list[Asked]]:
        """What each site answers on some day of the span, in the order of the catalogue: one question to the database.

        Rows that are asked everywhere come with their own number of questions.
        """
        if self.site_row is None:
            every = [row for row in self.everywhere() if row.holds_during(first_day, last_day)]  # type: ignore[misc]
            return dict.fromkeys(sites, every)
        fields = self.model.row_fields
        rows: Any = self.site_row._default_manager
        found = rows.in_force(first_day, last_day).filter(site__in=list(sites)).select_related(*fields)
        by_site: dict[int, list[Asked]] = defaultdict(list)
        for row in found.order_by(*(f"{name}__position" for name in fields), "pk"):
            catalogue = tuple(getattr(row, name) for name in fields)
            asked = Asked(catalogue=catalogue, valid_from=row.valid_from, valid_until=row.valid_until)
            by_site[row.site_id].append(asked)
        return by_site

    @property
    def usual_how(self) -> Method:
        """How a value is known when nobody says."""
        return self.methods[0]

    @property
    def item_field(self) -> str:
        """The foreign key whose row gives the unit; any others only tell rows apart."""
        return self.model.row_fields[0]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the lines of a register come from when the portal knows them already, such as its suppliers.

    ``lines`` makes them, unsaved, as they are for the period; ``key`` are the fields by which a line is known again,
    ``typed`` those that people fill in, which stay. All others are copied, so that what is approved stands still.
    """

    title: StrPromise
    lines: Callable[[Any], Sequence[Record]]
    key: tuple[str, ...]
    typed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Register:
    """Free rows: as many entries as there were events. ``form`` is a ModelForm that takes ``submission``."""

    code: str
    model: type[Record]
    form: type[forms.ModelForm[Any]]
    title: StrPromise
    help: StrPromise | str = ""
    # Whether people type its entries on the page; others come about elsewhere and are shown there.
    by_hand: bool = True
    # Where its lines come from; people add none then, and fill in only what ``form`` has.
    source: Source | None = None
    # Fields that are shown before those of ``form`` and not typed here.
    shown: tuple[str, ...] = ()
    # Whether its entries are cards on every screen: more fields than fit beside each other.
    as_cards: bool = False
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

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields of an entry in the order of the page."""
        return (*self.shown, *(self.form._meta.fields or ()))


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
    # About single people or small groups: its rows are for those who enter, review or audit them, and nobody else.
    is_personal: bool = False
    # Puts on ``Sheet.beside`` what the checks need from other forms, with a fixed number of questions for all sheets.
    load_beside: Callable[[Sequence["Sheet"]], None] | None = None

    @property
    def grids(self) -> tuple[Grid, ...]:
        return tuple(table for table in self.tables if isinstance(table, Grid))

    @property
    def registers(self) -> tuple[Register, ...]:
        return tuple(table for table in self.tables if isinstance(table, Register))

    @property
    def typed_registers(self) -> tuple[Register, ...]:
        return tuple(register for register in self.registers if register.by_hand)

    @property
    def is_in_files(self) -> bool:
        """Whether files can fill any of its tables."""
        return bool(self.grids) or any(register.file_fields for register in self.registers)

    def table(self, code: str) -> Table:
        return next(table for table in self.tables if table.code == code)


sections: Registry[Section] = Registry("section")
