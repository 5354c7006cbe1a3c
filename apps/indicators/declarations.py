"""What a figure means: KPIs, families of KPIs over a catalogue, and the printed tables they fill.

Each domain app declares its own in its ``kpis.py``. Nothing outside this app and those modules adds up records.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Aggregate, Case, Count, F, Min, Q, QuerySet, Sum, Value, When, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import RowNumber
from django.db.models.lookups import GreaterThan
from django_stubs_ext import StrPromise

from apps.core.names import CatalogueRow
from apps.core.registry import Registry
from apps.core.units import UNITS
from apps.indicators.basis import Basis, exactly, recorded
from apps.organisation.models import ReportingYear, Site, SiteRow
from apps.submissions.choices import CellState
from apps.submissions.models import QuantityRecord, Record

if TYPE_CHECKING:
    from apps.indicators.calculations import Calculation
    from apps.indicators.computation import Figures
    from apps.indicators.kpi_set import KpiSet

Text = str | StrPromise


def unit_label(code: str) -> str:
    """A unit as people read it; what is no unit of its own, such as 万kWh/t, is put together."""
    if code in UNITS:
        return str(UNITS[code].label)
    return "/".join(str(UNITS[part].label) if part in UNITS else part for part in code.split("/"))


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the database says of a KPI at one place. Parts add up over places; figures do not.

    ``rows`` were counted; ``gaps`` match as well and carry no amount (not measured, not available yet, or in a unit
    that cannot be converted), so that they are missing in ``total``. Where something is ``not_applicable``, nothing
    is missing.
    """

    total: Decimal | None = None
    rows: int = 0
    gaps: int = 0
    not_applicable: int = 0
    # Of a count of distinct things: their numbers, since the same one may be counted at two places.
    members: frozenset[int] = frozenset()

    @classmethod
    def sum(cls, parts: Collection["Parts"]) -> "Parts":
        totals = [part.total for part in parts if part.total is not None]
        with exactly():
            total = sum(totals, start=Decimal(0)) if totals else None
        return cls(
            total=total,
            rows=sum(part.rows for part in parts),
            gaps=sum(part.gaps for part in parts),
            not_applicable=sum(part.not_applicable for part in parts),
            members=frozenset().union(*(part.members for part in parts)),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Kpi:
    """A figure of the annual report. ``section`` names the submissions that its coverage counts.

    ``meaning`` and ``worked_example`` are for docs/kpis.md; a member of a family inherits them.

    ``people`` names the figures that say how many persons this one speaks of: where one of them is small, this one is
    withheld (suppression.py). Such a figure ``counts_people``; ``among`` names the set whose members add up to
    ``whole``, a printed total; ``carried_from`` is the figure of the year before that says the same of the same day.
    ``is_part``: only what another figure is made of, with a page of its own and no line in files.
    """

    code: str
    title: Text
    unit: str
    unit_name: Text = ""
    decimals: int
    section: str
    hkex: tuple[str, ...] = ()
    meaning: str = ""
    worked_example: str = ""
    # A total over a catalogue is printed with as many decimals as the most precise line of that family.
    decimals_of: str = ""
    people: tuple[str, ...] = ()
    counts_people: bool = False
    among: str = ""
    whole: str = ""
    carried_from: str = ""
    is_part: bool = False
    # ``people`` of a figure over some rows of a catalogue: the family that counts them, and which of its rows it takes.
    people_among: tuple[str, Callable[[Any], bool]] | None = None

    # Whether two of it may only be compared when the same share of the data counts; a quotient may anyway.
    is_quotient: ClassVar[bool] = False
    # Whether it has a last digit. What was divided, or multiplied by 44/12, has none.
    is_exact: ClassVar[bool] = True

    @property
    def needs(self) -> tuple[str, ...]:
        """The figures it is worked out from."""
        return ()

    @property
    def unit_label(self) -> str:
        return str(self.unit_name) or unit_label(self.unit)


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordKpi(Kpi):
    """A figure made of records: those of ``source`` that ``where`` lets through.

    ``where`` and the amount cross forward foreign keys only (checked at start-up), so that no join can count a
    record twice. ``annotate`` adds columns that ``where`` needs, such as the limit in force. A further kind (the
    closing stock of a year, a share of rows) is a subclass with its own ``aggregates`` and ``value``. ``describe``
    says in a few words what a record without a quantity holds.
    """

    source: type[Record]
    where: Q = field(default_factory=Q)
    annotate: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    describe: Callable[[Any], str] | None = None

    # What one value makes of many records, at a site and over the sites.
    over: ClassVar[type[Aggregate]] = Sum

    def combine(self, parts: Collection[Parts]) -> Parts:
        """The parts of several places as one."""
        return Parts.sum(parts)

    @property
    def contribution(self) -> Combinable:
        """What one record adds to the figure."""
        raise NotImplementedError

    def aggregates(self) -> dict[str, Aggregate]:
        """The columns of the one query over ``source``: filtered by ``where``, so that many KPIs share it."""
        raise NotImplementedError

    def parts(self, columns: Mapping[str, Any]) -> Parts:
        """What those columns said."""
        raise NotImplementedError

    def value(self, parts: Parts, *, handed_in: int) -> Decimal | None:
        """The figure, or None when nothing was said; ``handed_in`` submissions said all they had to."""
        raise NotImplementedError

    def records(self, *, year: ReportingYear, sites: Sequence[Site], basis: Basis) -> QuerySet[Any]:
        """The records behind the figure, each with its ``contribution``: the very same filter as the sum."""
        queryset = recorded(self.source, year=year, sites=sites, basis=basis)
        if self.annotate is not None:
            queryset = self.annotate(queryset)
        found: QuerySet[Any] = queryset.filter(self.where).annotate(contribution=self.contribution)
        return found


@dataclass(frozen=True, kw_only=True, eq=False)
class Flow(RecordKpi):
    """A sum over the year: what was used, made, thrown away. ``amount_meaning`` is for docs/kpis.md.

    ``zero_when_empty``: records come only when something happened, so that none in a form handed in is a zero.
    """

    amount: str | Combinable = "quantity"
    amount_meaning: str = "the quantity"
    zero_when_empty: bool = False

    @property
    def contribution(self) -> Combinable:
        return F(self.amount) if isinstance(self.amount, str) else self.amount

    def aggregates(self) -> dict[str, Aggregate]:
        columns: dict[str, Aggregate] = {
            "total": self.over(self.amount, filter=self.where),
            "rows": Count(self.amount, filter=self.where),
            "matched": Count("pk", filter=self.where),
        }
        if issubclass(self.source, QuantityRecord):
            columns["not_applicable"] = Count("pk", filter=self.where & Q(state=CellState.NOT_APPLICABLE))
        return columns

    def parts(self, columns: Mapping[str, Any]) -> Parts:
        not_applicable = columns.get("not_applicable", 0)
        total = columns["total"]
        return Parts(
            # Columns of whole numbers, such as days, add up to one of Python's.
            total=None if total is None else Decimal(total),
            rows=columns["rows"],
            gaps=columns["matched"] - columns["rows"] - not_applicable,
            not_applicable=not_applicable,
        )

    def value(self, parts: Parts, *, handed_in: int) -> Decimal | None:
        if parts.total is None and not parts.gaps and self.zero_when_empty and handed_in:
            return Decimal(0)
        return parts.total


@dataclass(frozen=True, kw_only=True, eq=False)
class Least(Flow):
    """The smallest of the values: the youngest age at which anybody was hired."""

    over: ClassVar[type[Aggregate]] = Min

    def combine(self, parts: Collection[Parts]) -> Parts:
        totals = [part.total for part in parts if part.total is not None]
        return replace(Parts.sum(parts), total=min(totals, default=None))


@dataclass(frozen=True, kw_only=True, eq=False)
class RowCount(RecordKpi):
    """How many records there are. None is a zero only where somebody handed in and so said that there was none."""

    @property
    def contribution(self) -> Combinable:
        return Value(Decimal(1))

    def aggregates(self) -> dict[str, Aggregate]:
        return {"rows": Count("pk", filter=self.where)}

    def parts(self, columns: Mapping[str, Any]) -> Parts:
        return Parts(rows=columns["rows"])

    def value(self, parts: Parts, *, handed_in: int) -> Decimal | None:
        return Decimal(parts.rows) if parts.rows or handed_in else None


@dataclass(frozen=True, kw_only=True, eq=False)
class DistinctCount(RecordKpi):
    """How many different rows the foreign key ``of`` names: a supplier of two sites is one supplier of the group.

    In the list of records the first of each adds 1 and the others nothing.
    """

    of: str

    @property
    def contribution(self) -> Combinable:
        place = Window(RowNumber(), partition_by=F(self.of), order_by="pk")
        return Case(When(GreaterThan(place, Value(1)), then=Value(Decimal(0))), default=Value(Decimal(1)))

    def aggregates(self) -> dict[str, Aggregate]:
        return {
            "rows": Count("pk", filter=self.where),
            "members": ArrayAgg(self.of, filter=self.where, distinct=True, default=Value([])),
        }

    def parts(self, columns: Mapping[str, Any]) -> Parts:
        return Parts(rows=columns["rows"], members=frozenset(columns["members"]))

    def value(self, parts: Parts, *, handed_in: int) -> Decimal | None:
        return Decimal(len(parts.members)) if parts.members or handed_in else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Ratio(Kpi):
    """One KPI over another × ``factor``, always from summed parts: a group's ratio is no mean of its sites'.

    ``factor`` brings the numerator to the printed unit: 1000 where it is kept in t and printed in kg/t.
    """

    numerator: str
    denominator: str
    factor: Fraction = Fraction(1)

    is_quotient: ClassVar[bool] = True
    is_exact: ClassVar[bool] = False

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.numerator, self.denominator)


@dataclass(frozen=True, kw_only=True, eq=False)
class Total(Kpi):
    """Figures of one unit added up, × ``factor``: ½ makes the average of an opening and a closing stock.

    ``parts_among`` adds the totals of the catalogue rows of families: of each family those that its test lets through.
    """

    parts: tuple[str, ...] = ()
    parts_among: tuple[tuple[str, Callable[[Any], bool]], ...] = ()
    factor: Fraction = Fraction(1)

    @property
    def needs(self) -> tuple[str, ...]:
        return self.parts


@dataclass(frozen=True, kw_only=True, eq=False)
class YearMean(Kpi):
    """The mean over the months of the year of a figure that adds up its monthly values. None until all are in.

    Over several sites it is the sum of their means: a group's average headcount.
    """

    monthly: str

    is_quotient: ClassVar[bool] = True
    is_exact: ClassVar[bool] = False

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.monthly,)


@dataclass(frozen=True, kw_only=True, eq=False)
class Chosen(Kpi):
    """One of several figures: the one whose convention was chosen for the year.

    ``options`` are codes of figures by the name of a convention; ``choose`` says which one holds in a year.
    """

    options: Mapping[str, str]
    choose: Callable[[ReportingYear], str]

    is_quotient: ClassVar[bool] = True
    is_exact: ClassVar[bool] = False

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(self.options.values())


@dataclass(frozen=True, kw_only=True, eq=False)
class Worked(Kpi):
    """A figure that a site works out from others and from factors, such as emissions from fuels used.

    ``prepare`` reads what the year needs (the factors that hold in it), once for all figures that share it; ``work``
    gives the calculation of a site. A site whose ``section`` is handed in and that has no line has a zero. Over several
    sites it is the sum of theirs, and none where one of them has none.

    ``alike`` says of a site, beside what ``prepare`` read, by what its factors are chosen. Where it is given, ``work``
    promises that each line is an amount times factors, so that the amounts of sites of which it says the same may be
    added up first; five hundred sites of a few regions are then a few calculations.
    """

    inputs: tuple[str, ...] = ()
    # Inputs that are figures of catalogue rows: of each family those that its test lets through.
    inputs_among: tuple[tuple[str, Callable[[Any], bool]], ...] = ()
    # Figures that are looked at beside the inputs; their rows are in the inputs already, such as those of the grades.
    beside: tuple[str, ...] = ()
    beside_among: tuple[tuple[str, Callable[[Any], bool]], ...] = ()
    prepare: Callable[[ReportingYear], Any]
    work: "Callable[[Any, Figures, Site], Calculation]"
    alike: Callable[[Any, Site], Hashable] | None = None

    is_exact: ClassVar[bool] = False

    @property
    def needs(self) -> tuple[str, ...]:
        return (*self.inputs, *self.beside)


@dataclass(frozen=True, kw_only=True, eq=False)
class Family:
    """KPIs for every row of a catalogue, so that a new fuel needs no code.

    ``code`` ends in ``*``, for which the row's code stands, in capitals. ``rows`` reads the catalogue with one query
    when figures are asked for. ``declare`` gives the KPIs of one row under a code: the total first, then its density.
    ``sample`` is an unsaved row for the checks at start-up. ``site_row`` and ``row_field`` say which site answers it;
    without them every site answers every row in force.
    """

    code: str
    title: Text
    rows: Callable[[], Iterable[CatalogueRow]]
    declare: Callable[[Any, str], tuple[Kpi, ...]]
    sample: Callable[[], CatalogueRow]
    site_row: type[SiteRow] | None = None
    row_field: str = ""
    # The field of a row that names the line it is a part of.
    part_of: str = ""
    hkex: str
    meaning: str
    worked_example: str

    @property
    def prefix(self) -> str:
        return self.code.removesuffix("*")


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """One line of a printed table: a total and its density. ``item`` is the catalogue row of a family's line.

    ``title`` stands for the figure's own; ``heading`` is printed above the line and those that share it. A line that
    ``wants_rows`` is left out where nobody recorded anything: its zero would say that there was none.
    """

    total: str
    density: str = ""
    item: CatalogueRow | None = None
    part_of: int | None = None
    is_sum: bool = False
    title: Text = ""
    heading: Text = ""
    wants_rows: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Words:
    """A column in words: the distinct ``words`` of the counted records by ``item``, such as treatments by waste."""

    title: Text
    source: type[Record]
    item: str
    words: str


@dataclass(frozen=True, kw_only=True, eq=False)
class ReportTable:
    """A table of the annual report.

    ``density_title`` names the ``denominator`` as %(output)s. ``families`` say which lines a site is expected to
    fill; a line without a record and without an expectation is left out. ``note`` is a sentence for the year, such as
    the convention that was chosen. ``years`` more than two adds the totals of so many years.
    """

    code: str
    title: Text
    sheet: Text
    section: str
    item_title: Text
    amount_title: Text
    density_title: Text = ""
    denominator: str = ""
    families: tuple[str, ...] = ()
    lines: Callable[["KpiSet"], Iterable[Line]]
    words: Words | None = None
    note: Callable[[ReportingYear], str] | None = None
    years: int = 2


declared: Registry[Kpi | Family] = Registry("KPI")
tables: Registry[ReportTable] = Registry("table")
