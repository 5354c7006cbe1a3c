"""How the sites hire where they are, and the leave for farm work."""

from fractions import Fraction
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.community.models import HiringArrangement, HiringKind, LocalHiringItem, LocalHiringRecord
from apps.community.sections import LOCAL_HIRING
from apps.indicators.declarations import Family, Flow, Kpi, Ratio, RowCount, declared

_PERCENT: Final = Fraction(100)


def _item(item: LocalHiringItem, code: str) -> tuple[Kpi, ...]:
    return (
        Flow(
            code=code,
            title=item.name,
            unit=item.unit_code,
            decimals=item.decimals,
            section=LOCAL_HIRING,
            source=LocalHiringRecord,
            where=Q(item=item.pk),
        ),
    )


for _code, _kind, _title, _unit, _meaning, _example in (
    (
        "CI-HIRES",
        HiringKind.HIRES,
        _("Hires in the year"),
        "person",
        "Everybody whom the sites hired in the year.",
        "52 at Hami and 22 at Baishan: 74.",
    ),
    (
        "CI-LOCAL",
        HiringKind.LOCAL,
        _("Hires from the site's region"),
        "person",
        "Of the hires those whose home is in the province or autonomous region of the site.",
        "29 at Hami and 20 at Baishan: 49.",
    ),
    (
        "CI-SURPLUS",
        HiringKind.SURPLUS,
        _("Local surplus labour hired"),
        "person",
        "Of the hires from the region those who came as local surplus labour, as from farm households.",
        "18 at Hami and 9 at Baishan: 27.",
    ),
    (
        "CI-FARM-PEOPLE",
        HiringKind.FARM_PEOPLE,
        _("People who took farm leave"),
        "person",
        "Employees who went home for farm work with leave, each once in the year and at its site.",
        "41 at Hami and 26 at Baishan: 67.",
    ),
    (
        "CI-FARM-DAYS",
        HiringKind.FARM_DAYS,
        _("Days of farm leave"),
        "day",
        "The days of that leave, added up.",
        "492 at Hami and 234 at Baishan: 726.",
    ),
):
    declared.register(
        Flow(
            code=_code,
            title=_title,
            unit=_unit,
            decimals=0,
            section=LOCAL_HIRING,
            source=LocalHiringRecord,
            where=Q(item__kind=_kind.value),
            meaning=_meaning,
            worked_example=_example,
        )
    )
for _code, _title, _part, _meaning, _example in (
    (
        "CI-LOCAL-SHARE",
        _("Share of hires from the site's region"),
        "CI-LOCAL",
        "All hires from the region by all hires: no mean of the sites' shares.",
        "49 × 100 / 74 = 66.216…, printed 66.2 %.",
    ),
    (
        "CI-SURPLUS-SHARE",
        _("Share of local surplus labour among hires"),
        "CI-SURPLUS",
        "All local surplus labour hired by all hires.",
        "27 × 100 / 74 = 36.486…, printed 36.5 %.",
    ),
):
    declared.register(
        Ratio(
            code=_code,
            title=_title,
            unit="%",
            decimals=1,
            section=LOCAL_HIRING,
            numerator=_part,
            denominator="CI-HIRES",
            factor=_PERCENT,
            meaning=_meaning,
            worked_example=_example,
        )
    )
OTHER_ITEMS = declared.register(
    Family(
        code="CI-ITEM-*",
        title=_("Further items of local hiring"),
        rows=LocalHiringItem.objects.filter(kind=HiringKind.OTHER).all,
        declare=_item,
        sample=lambda: LocalHiringItem(pk=0, code="sample", name_en="Sample", unit_code="times"),
        hkex="none",
        meaning="What the sites state for the year beside hires and farm leave, added up, such as local job fairs.",
        worked_example="3 job fairs at Hami and 2 at Baishan: 5.",
    )
)
declared.register(
    RowCount(
        code="CI-ARRANGED",
        title=_("Arrangements for local people"),
        unit="arrangements",
        unit_name=pgettext_lazy("unit", "arrangements"),
        decimals=0,
        section=LOCAL_HIRING,
        source=HiringArrangement,
        describe=str,
        meaning="How many arrangements the sites describe; the same one at two sites counts at both.",
        worked_example="Two at Hami and one at Baishan: 3.",
    )
)
