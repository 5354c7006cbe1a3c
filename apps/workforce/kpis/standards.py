"""What the sites state on labour standards (HKEX B4)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.indicators.declarations import (
    Family,
    Flow,
    Kpi,
    Least,
    declared,
)
from apps.workforce.models import (
    StandardItem,
    StandardKind,
    StandardRecord,
)
from apps.workforce.sections import STANDARDS


def _standard(item: StandardItem, code: str) -> tuple[Kpi, ...]:
    kind = Least if item.kind == StandardKind.YOUNGEST_AGE else Flow
    return (
        kind(
            code=code,
            title=item.name,
            unit=item.unit_code,
            decimals=item.decimals,
            section=STANDARDS,
            hkex=("B4.2",) if item.kind in (StandardKind.CHILD_LABOUR, StandardKind.FORCED_LABOUR) else ("B4.1",),
            source=StandardRecord,
            where=Q(item=item.pk),
        ),
    )


STANDARD_ITEMS = declared.register(
    Family(
        code="WF-STD-*",
        title=_("Labour standards"),
        rows=StandardItem.objects.all,
        declare=_standard,
        sample=lambda: StandardItem(pk=0, code="sample", name_en="Sample", unit_code="case"),
        hkex="B4.1; B4.2 for findings",
        meaning=(
            "What the sites state for the year, added up; of the youngest age at hire the smallest. Zero findings are "
            "a statement."
        ),
        worked_example="0 findings at Hami and 0 at Baishan: 0. Youngest at hire 19 and 18: 18.",
    )
)
