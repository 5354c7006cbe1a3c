"""The tables of HKEX aspect B7."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.anti_corruption.models import Audience, Rank
from apps.anti_corruption.policies import SECTION
from apps.indicators.declarations import Line, ReportTable, tables
from apps.indicators.kpi_set import KpiSet


def _ranks(kpis: KpiSet) -> Iterator[Line]:
    for prefix in ("AC-DUE", "AC-SIGNED"):
        heading = kpis[prefix].title
        for rank in Rank:
            share = f"AC-SIGNED-SHARE-{rank.upper()}" if prefix == "AC-SIGNED" else ""
            yield Line(total=f"{prefix}-{rank.upper()}", density=share, title=rank.label, heading=heading)
        yield Line(
            total=prefix,
            density="AC-SIGNED-SHARE" if prefix == "AC-SIGNED" else "",
            is_sum=True,
            title=_("Total"),
            heading=heading,
        )


def _trainings(kpis: KpiSet) -> Iterator[Line]:
    for prefix in ("AC-TRAIN-PEOPLE", "AC-TRAIN-HOURS"):
        heading = kpis[prefix].title
        for audience in Audience:
            yield Line(total=f"{prefix}-{audience.upper()}", title=audience.label, heading=heading)
        yield Line(total=prefix, is_sum=True, title=pgettext_lazy("of people", "Total"), heading=heading)
    yield Line(total="AC-TRAIN-AVG")


tables.register(
    ReportTable(
        code="B7-CASES",
        title=_("B7.1 Concluded legal cases regarding corrupt practices"),
        sheet=_("B7.1 Cases"),
        section=SECTION,
        item_title=_("Outcome"),
        amount_title=_("Number of cases"),
        lines=lambda kpis: [
            Line(total="AC-CASES-CONVICTED"),
            Line(total="AC-CASES-ACQUITTED"),
            Line(total="AC-CASES-SETTLED"),
            Line(total="AC-CASES-DISMISSED"),
            Line(total="AC-CASES", is_sum=True, title=_("Total")),
        ],
        years=3,
    )
)
tables.register(
    ReportTable(
        code="B7-CHANNELS",
        title=_("B7.2 Preventive measures and channels for reports"),
        sheet=_("B7.2 Measures"),
        section=SECTION,
        item_title=_("Indicator"),
        amount_title=_("In the year"),
        lines=lambda kpis: [
            Line(total=f"AC-{code}")
            for code in (
                "CHANNELS",
                "REPORTS",
                "SUBST",
                "CONFL-DECL",
                "CONFL-DEC",
                "GIFTS",
                "GIFTS-IN",
                "GIFTS-BACK",
            )
        ],
    )
)
tables.register(
    ReportTable(
        code="B7-TRAINING",
        title=_("B7.3 Anti-corruption training"),
        sheet=_("B7.3 Training"),
        section=SECTION,
        item_title=_("Audience"),
        amount_title=_("In the year"),
        lines=_trainings,
    )
)
tables.register(
    ReportTable(
        code="B7-SIGNED",
        title=_("B7 Assurance statements signed"),
        sheet=_("B7 Statements"),
        section=SECTION,
        item_title=pgettext_lazy("of people", "Rank"),
        amount_title=_("Number of statements"),
        density_title=_("Share signed"),
        lines=_ranks,
    )
)
