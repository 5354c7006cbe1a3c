"""The tables of HKEX aspect B5."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.indicators.declarations import Line, ReportTable, tables
from apps.indicators.kpi_set import KpiSet
from apps.supply_chain.kpis import REGIONS
from apps.supply_chain.policies import SECTION


def _regions(kpis: KpiSet) -> Iterator[Line]:
    yield Line(total="SC-SUPPLIERS", is_sum=True, title=_("All suppliers"))
    for member in kpis.members(REGIONS.code):
        yield Line(total=member.total, density=member.density, item=member.item)


tables.register(
    ReportTable(
        code="B5-REGION",
        title=_("B5.1 Suppliers by region"),
        sheet=_("B5.1 Suppliers"),
        section=SECTION,
        item_title=pgettext_lazy("of suppliers", "Region"),
        amount_title=_("Number of suppliers"),
        density_title=_("Share of all suppliers"),
        lines=_regions,
    )
)
tables.register(
    ReportTable(
        code="B5-PRACTICE",
        title=_("B5.2–B5.4 Supplier practices"),
        sheet=_("B5.2 Practices"),
        section=SECTION,
        item_title=_("Indicator"),
        amount_title=_("Amount"),
        density_title=_("Share"),
        lines=lambda kpis: [
            Line(total="SC-MAJOR"),
            Line(total="SC-MAJOR-AUDITED", density="SC-MAJOR-AUDITED-SHARE"),
            Line(total="SC-COVERED"),
            Line(total="SC-ASSESSED", density="SC-ASSESSED-SHARE"),
            Line(total="SC-SPEND-GIVEN"),
            Line(total="SC-SPEND"),
            Line(total="SC-SPEND-ASSESSED", density="SC-SPEND-SHARE"),
            Line(total="SC-TENDERS"),
            Line(total="SC-BIDS"),
            Line(total="SC-BIDS-ELIMINATED"),
            Line(total="SC-PRACTICES-ENGAGEMENT"),
            Line(total="SC-PRACTICES-RISKS"),
            Line(total="SC-PRACTICES-PREFERABLE"),
        ],
    )
)
