"""The tables of HKEX aspect B8."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.community.kpis.contributions import BY_AREA, GIVEN_BY_AREA, HOURS_BY_AREA
from apps.community.kpis.hiring import OTHER_ITEMS
from apps.community.sections import COMMUNITY, LOCAL_HIRING
from apps.indicators.declarations import Line, ReportTable, Text, tables
from apps.indicators.kpi_set import KpiSet


def _by_area(family: str, total: str) -> Callable[[KpiSet], Iterator[Line]]:
    """A line for each focus area by its name, and their sum."""

    def lines(kpis: KpiSet) -> Iterator[Line]:
        for member in kpis.members(family):
            yield Line(total=member.total, item=member.item, title=member.item.name)
        yield Line(total=total, is_sum=True, title=_("Total"))

    return lines


def _hiring(kpis: KpiSet) -> Iterator[Line]:
    """Hires and those among them with their shares, farm leave, and whatever else the catalogue asks."""
    yield Line(total="CI-HIRES")
    yield Line(total="CI-LOCAL", density="CI-LOCAL-SHARE")
    yield Line(total="CI-SURPLUS", density="CI-SURPLUS-SHARE")
    yield Line(total="CI-FARM-PEOPLE")
    yield Line(total="CI-FARM-DAYS")
    for member in kpis.members(OTHER_ITEMS.code):
        yield Line(total=member.total, item=member.item)
    yield Line(total="CI-ARRANGED")


def _table(code: str, title: Text, sheet: Text, **fields: object) -> None:
    tables.register(ReportTable(code=code, title=title, sheet=sheet, **fields))  # type: ignore[arg-type]


_table(
    "B8-AREAS",
    _("B8.1 Contributions by focus area"),
    _("B8.1 Focus areas"),
    section=COMMUNITY,
    item_title=_("Focus area"),
    amount_title=_("Contributions"),
    lines=_by_area(BY_AREA.code, "CI-CONTRIB"),
)
_table(
    "B8-GIVEN",
    _("B8.2 Money and goods by focus area"),
    _("B8.2 Money and goods"),
    section=COMMUNITY,
    item_title=_("Focus area"),
    amount_title=_("Money and goods at cost"),
    lines=_by_area(GIVEN_BY_AREA.code, "CI-GIVEN"),
)
_table(
    "B8-HOURS",
    _("B8.2 Volunteer hours by focus area"),
    _("B8.2 Volunteer hours"),
    section=COMMUNITY,
    item_title=_("Focus area"),
    amount_title=_("Volunteer hours"),
    lines=_by_area(HOURS_BY_AREA.code, "CI-HOURS"),
)
_table(
    "B8-RESOURCES",
    _("B8.2 Resources contributed"),
    _("B8.2 Resources"),
    section=COMMUNITY,
    item_title=_("Indicator"),
    amount_title=_("In the year"),
    lines=lambda kpis: [
        Line(total=f"CI-{code}") for code in ("MONEY", "GOODS", "GIVEN", "HOURS", "TURNS", "REACHED", "AREAS")
    ],
    years=3,
)
_table(
    "B8-HIRING",
    _("B8 Local hiring"),
    _("B8 Local hiring"),
    section=LOCAL_HIRING,
    item_title=_("Indicator"),
    amount_title=_("In the year"),
    density_title=pgettext_lazy("of hires", "Share"),
    lines=_hiring,
)
