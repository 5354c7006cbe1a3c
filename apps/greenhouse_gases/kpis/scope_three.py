"""Scope 3: what the sites worked out of their value chain, by category."""

from typing import Final

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.environment.models import ScopeThreeCategory, ScopeThreeEmission, SiteScopeThree
from apps.greenhouse_gases.kpis.scope_one import UNIT
from apps.indicators.declarations import Family, Flow, Kpi, declared

SECTION: Final = "scope3"
_HKEX: Final = ("D-28-S3",)


def _category(item: ScopeThreeCategory, code: str) -> tuple[Kpi, ...]:
    return (
        Flow(
            code=code,
            title=gettext("Scope 3: %(item)s") % {"item": item.name},
            unit=UNIT,
            decimals=item.decimals,
            section=SECTION,
            hkex=_HKEX,
            source=ScopeThreeEmission,
            where=Q(category=item.pk),
        ),
    )


CATEGORIES: Final = declared.register(
    Family(
        code="GHG-S3-*",
        title=_("Scope 3 by category"),
        rows=ScopeThreeCategory.objects.all,
        declare=_category,
        sample=lambda: ScopeThreeCategory(pk=0, code="sample", name_en="Sample", unit_code=UNIT),
        site_row=SiteScopeThree,
        row_field="category",
        hkex="D-28-S3",
        meaning=(
            "Emissions of a category of the GHG Protocol as the sites worked them out and noted how. Only categories "
            "that a site answers are reported; the report says which were left out."
        ),
        worked_example="Purchased goods: Hami 1,200 and Baishan 800 tCO₂e: 2,000 tCO₂e.",
    )
)
declared.register(
    Flow(
        code="GHG-S3",
        title=_("Scope 3, total of the reported categories"),
        unit=UNIT,
        decimals=0,
        section=SECTION,
        hkex=_HKEX,
        source=ScopeThreeEmission,
        meaning="All reported categories together. It stands beside scopes 1 and 2 and is not added to them.",
        worked_example="Purchased goods 2,000 and commuting 50 tCO₂e: 2,050 tCO₂e.",
    )
)
