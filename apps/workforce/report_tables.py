"""The tables of HKEX aspects B1 to B4."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.indicators.declarations import Line, ReportTable, Text, tables
from apps.indicators.kpi_set import KpiSet
from apps.organisation.models import ReportingYear
from apps.workforce.kpis.groups import AT_YEAR_END, HOURS, LEAVERS, SHARE_OF_TRAINED, TRAINED
from apps.workforce.kpis.safety import LABOUR_ITEMS
from apps.workforce.kpis.standards import STANDARD_ITEMS
from apps.workforce.models import Dimension, LabourKind, WorkforceGroup, YearConvention
from apps.workforce.sections import BREAKDOWN, SAFETY, STANDARDS


def _by_dimension(
    family: str,
    printed: Callable[[Dimension], bool],
    total: str = "",
    density: str = "",
    *,
    employees_only: bool = True,
) -> Callable[[KpiSet], Iterator[Line]]:
    """The groups of the printed dimensions under their headings, after the total over all of them."""

    def lines(kpis: KpiSet) -> Iterator[Line]:
        if total:
            yield Line(total=total, density=density, is_sum=True, title=_("All employees"))
        members = [member for member in kpis.members(family) if isinstance(member.item, WorkforceGroup)]
        for listed_apart in (False, True):
            for member in members:
                group = member.item
                assert isinstance(group, WorkforceGroup)  # noqa: S101 - chosen above; told to the type checker
                if not printed(group.dimension) or group.counts_in_total == listed_apart:
                    continue
                if listed_apart and employees_only:
                    continue
                yield Line(
                    total=member.total,
                    density=member.density,
                    item=group,
                    title=group.name,
                    heading=_("Listed apart, no employees") if listed_apart else group.dimension.name,
                )

    return lines


def _turnover_note(year: ReportingYear) -> str:
    return gettext("Turnover rate of %(year)s: %(convention)s.") % {
        "year": year.code,
        "convention": YearConvention.of(year).get_turnover_display(),
    }


def _days_note(year: ReportingYear) -> str:
    return gettext(
        "Injuries on the way to and from work are included. Lost days of %(year)s are %(convention)s, counted to the "
        "last day of the year."
    ) % {"year": year.code, "convention": YearConvention.of(year).get_lost_days_display()}


def _plain(*codes: str) -> Callable[[KpiSet], Iterable[Line]]:
    return lambda kpis: [Line(total=code) for code in codes]


def _of_items(family: str, skip: frozenset[str] = frozenset()) -> Callable[[KpiSet], Iterator[Line]]:
    def lines(kpis: KpiSet) -> Iterator[Line]:
        for member in kpis.members(family):
            if getattr(member.item, "kind", "") not in skip:
                yield Line(total=member.total, item=member.item)

    return lines


def _table(code: str, title: Text, sheet: Text, **fields: object) -> None:
    tables.register(ReportTable(code=code, title=title, sheet=sheet, **fields))  # type: ignore[arg-type]


_table(
    "B1-HEAD",
    _("B1.1 Workforce"),
    _("B1.1 Workforce"),
    section=BREAKDOWN,
    item_title=pgettext_lazy("of people", "Group"),
    amount_title=_("Employees at year end"),
    density_title=_("Share of all employees"),
    families=(AT_YEAR_END.code,),
    lines=_by_dimension(AT_YEAR_END.code, lambda dimension: dimension.in_headcount, "WF-END", employees_only=False),
)
_table(
    "B1-LOCAL",
    _("B1.1 Local staff"),
    _("B1.1 Local staff"),
    section=BREAKDOWN,
    item_title=_("Indicator"),
    amount_title=_("Employees at year end"),
    density_title=_("Share of all employees"),
    lines=lambda kpis: [Line(total="WF-LOCAL", density="WF-LOCAL-SHARE")],
)
_table(
    "B1-TURN",
    _("B1.2 Turnover"),
    _("B1.2 Turnover"),
    section=BREAKDOWN,
    item_title=pgettext_lazy("of people", "Group"),
    amount_title=_("Left in the year"),
    density_title=_("Turnover rate"),
    families=(LEAVERS.code,),
    lines=_by_dimension(LEAVERS.code, lambda dimension: dimension.in_turnover, "WF-LEFT", "WF-TURN"),
    note=_turnover_note,
)
_table(
    "B2-SAFETY",
    _("B2 Health and safety"),
    _("B2 Safety"),
    section=SAFETY,
    item_title=_("Indicator"),
    amount_title=_("Value"),
    lines=_plain(
        "WF-FATAL",
        "WF-FATAL-R",
        "WF-FATAL-K",
        "WF-INJ",
        "WF-INJ-COMMUTING",
        "WF-LOST",
        "WF-INJ-F",
        "WF-INJ-S",
        "WF-DISEASE",
        "WF-WORKED",
        "WF-HEADS",
    ),
    note=_days_note,
    years=3,
)
_table(
    "B2-ITEMS",
    _("B2.3 Health checks and protection"),
    _("B2.3 Protection"),
    section=SAFETY,
    item_title=_("Item"),
    amount_title=_("In the year"),
    families=(LABOUR_ITEMS.code,),
    lines=_of_items(LABOUR_ITEMS.code, frozenset({LabourKind.HOURS_WORKED})),
)
_table(
    "B3-TRAINED",
    _("B3.1 Employees trained"),
    _("B3.1 Trained"),
    section=BREAKDOWN,
    item_title=pgettext_lazy("of people", "Group"),
    amount_title=_("Employees trained"),
    density_title=_("Percentage of the group's employees"),
    families=(TRAINED.code,),
    lines=_by_dimension(TRAINED.code, lambda dimension: dimension.in_training, "WF-TRAINED", "WF-TRAINED_P"),
)
_table(
    "B3-SHARE",
    _("B3.1 Employees trained, share of all trained"),
    _("B3.1 Share of trained"),
    section=BREAKDOWN,
    item_title=pgettext_lazy("of people", "Group"),
    amount_title=_("Share of all employees trained"),
    families=(SHARE_OF_TRAINED.code,),
    lines=_by_dimension(SHARE_OF_TRAINED.code, lambda dimension: dimension.in_training),
)
_table(
    "B3-HOURS",
    _("B3.2 Training hours"),
    _("B3.2 Training hours"),
    section=BREAKDOWN,
    item_title=pgettext_lazy("of people", "Group"),
    amount_title=_("Training hours"),
    density_title=_("Average over all employees of the group"),
    families=(HOURS.code,),
    lines=_by_dimension(HOURS.code, lambda dimension: dimension.in_training, "WF-HOURS", "WF-HOURS_AVG"),
)
_table(
    "B3-COURSES",
    _("B3 Training courses"),
    _("B3 Courses"),
    section=SAFETY,
    item_title=_("Indicator"),
    amount_title=_("In the year"),
    lines=_plain("WF-COURSES", "WF-COURSE-HOURS"),
)
_table(
    "B4-STD",
    _("B4 Labour standards"),
    _("B4 Labour standards"),
    section=STANDARDS,
    item_title=_("Statement"),
    amount_title=_("In the year"),
    families=(STANDARD_ITEMS.code,),
    lines=_of_items(STANDARD_ITEMS.code),
)
