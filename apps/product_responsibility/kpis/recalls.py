"""Products sold, and recalled for safety and health reasons (HKEX B6.1)."""

from fractions import Fraction
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.formats import typed
from apps.indicators.amounts import tonnes_of
from apps.indicators.declarations import Family, Flow, Kpi, Ratio, RowCount, declared
from apps.product_responsibility.models import (
    SAFETY_AND_HEALTH,
    ProductSale,
    Recall,
    SiteSoldProduct,
    SoldProduct,
)
from apps.product_responsibility.sections import PRODUCT

PERCENT: Final = Fraction(100)
_SAFETY_AND_HEALTH: Final = Q(reason__in=[reason.value for reason in SAFETY_AND_HEALTH])
_IN_TONNES: Final = "the quantity, converted to tonnes"
_SOLD: Final = "PR-SOLD-"
_RECALLED: Final = "PR-RECALLED-"


def _sample() -> SoldProduct:
    return SoldProduct(pk=0, code="sample", name_en="Sample", unit_code="t")


def _told(recall: Any) -> str:
    return gettext("%(recalled)s of %(sold)s %(unit)s, %(reason)s") % {
        "recalled": typed(recall.quantity),
        "sold": typed(recall.sold),
        "unit": recall.product.unit.label,
        "reason": recall.get_reason_display(),
    }


def _sold(product: SoldProduct, code: str) -> tuple[Kpi, ...]:
    return (
        Flow(
            code=code,
            title=gettext("%(product)s sold or shipped") % {"product": product.name},
            unit=product.unit_code,
            decimals=product.decimals,
            section=PRODUCT,
            source=ProductSale,
            where=Q(product=product.pk),
        ),
    )


def _recalled(product: SoldProduct, code: str) -> tuple[Kpi, ...]:
    return (
        Flow(
            code=code,
            title=gettext("%(product)s recalled for safety and health reasons") % {"product": product.name},
            unit=product.unit_code,
            decimals=max(product.decimals, 1),
            section=PRODUCT,
            hkex=("B6.1",),
            source=Recall,
            where=_SAFETY_AND_HEALTH & Q(product=product.pk),
            zero_when_empty=True,
            describe=_told,
        ),
        Ratio(
            code=f"{code}-D",
            title=gettext("%(product)s recalled for safety and health reasons, share of sales")
            % {"product": product.name},
            unit="%",
            decimals=3,
            section=PRODUCT,
            hkex=("B6.1",),
            numerator=code,
            denominator=_SOLD + code.removeprefix(_RECALLED),
            factor=PERCENT,
        ),
    )


PRODUCTS_SOLD = declared.register(
    Family(
        code=f"{_SOLD}*",
        title=_("Products sold or shipped"),
        rows=SoldProduct.objects.all,
        declare=_sold,
        sample=_sample,
        site_row=SiteSoldProduct,
        row_field="product",
        hkex="none",
        meaning="What the sites sold or shipped of each product, from the months, in the unit of the product.",
        worked_example="Hami 1,800 t in March and 1,750 t in April: 3,550 t.",
    )
)
declared.register(
    Flow(
        code="PR-SOLD",
        title=_("Products sold or shipped, total"),
        unit="t",
        decimals=0,
        decimals_of=PRODUCTS_SOLD.code,
        section=PRODUCT,
        source=ProductSale,
        amount=tonnes_of("product"),
        amount_meaning=_IN_TONNES,
        meaning="All products together, in tonnes, also those kept in another unit of mass.",
        worked_example="3,550 t of ingot and 450,000 kg of alloy: 4,000 t.",
    )
)
PRODUCTS_RECALLED = declared.register(
    Family(
        code=f"{_RECALLED}*",
        title=_("Products recalled for safety and health reasons"),
        rows=SoldProduct.objects.all,
        declare=_recalled,
        sample=_sample,
        site_row=SiteSoldProduct,
        row_field="product",
        hkex="B6.1",
        meaning=(
            "What was recalled of each product for reasons of safety or health, counted in the month of the recall, "
            "and its share of what was sold or shipped in the year. Other recalls are counted apart."
        ),
        worked_example="12.5 t of 3,550 t: 12.5 × 100 / 3,550 = 0.352112…, printed 0.352 %.",
    )
)
for _code, _title, _where, _hkex, _meaning, _example in (
    (
        "PR-RECALLED",
        _("Products recalled for safety and health reasons, total"),
        _SAFETY_AND_HEALTH,
        ("B6.1",),
        "All products together that were recalled for reasons of safety or health, in tonnes.",
        "12.5 t of ingot for safety and 500 kg of alloy for health: 13 t.",
    ),
    (
        "PR-RECALLED-OTHER",
        _("Products recalled for other reasons, total"),
        ~_SAFETY_AND_HEALTH,
        (),
        "All products together that were recalled for quality, labelling or other reasons, in tonnes.",
        "7 t of ingot with wrong labels: 7 t.",
    ),
):
    declared.register(
        Flow(
            code=_code,
            title=_title,
            unit="t",
            decimals=1,
            section=PRODUCT,
            hkex=_hkex,
            source=Recall,
            where=_where,
            amount=tonnes_of("product"),
            amount_meaning=_IN_TONNES,
            zero_when_empty=True,
            describe=_told,
            meaning=_meaning,
            worked_example=_example,
        )
    )
declared.register(
    Ratio(
        code="PR-RECALLED-D",
        title=_("Products recalled for safety and health reasons, share of sales"),
        unit="%",
        decimals=3,
        section=PRODUCT,
        hkex=("B6.1",),
        numerator="PR-RECALLED",
        denominator="PR-SOLD",
        factor=PERCENT,
        meaning="All tonnes recalled for reasons of safety or health by all tonnes sold or shipped in the year.",
        worked_example="13 t of 4,000 t: 13 × 100 / 4,000 = 0.325 %.",
    )
)
for _code, _title, _where, _hkex, _meaning, _example in (
    (
        "PR-RECALLS-SAFETY",
        _("Recalls for safety and health reasons"),
        _SAFETY_AND_HEALTH,
        ("B6.1",),
        "Number of recalls for reasons of safety or health, each product and day of its own.",
        "One in March and one in May: 2.",
    ),
    (
        "PR-RECALLS-OTHER",
        _("Recalls for other reasons"),
        ~_SAFETY_AND_HEALTH,
        (),
        "Number of recalls for quality, labelling or other reasons.",
        "One for labels: 1.",
    ),
):
    declared.register(
        RowCount(
            code=_code,
            title=_title,
            unit="recalls",
            unit_name=pgettext_lazy("unit", "recalls"),
            decimals=0,
            section=PRODUCT,
            hkex=_hkex,
            source=Recall,
            where=_where,
            describe=_told,
            meaning=_meaning,
            worked_example=_example,
        )
    )
