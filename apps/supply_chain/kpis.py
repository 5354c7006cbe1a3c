"""Figures on the supply chain (HKEX B5): suppliers by region, practices, assessments, tenders, spend."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.indicators.declarations import (
    DistinctCount,
    Family,
    Flow,
    Kpi,
    Ratio,
    RowCount,
    Text,
    declared,
)
from apps.supply_chain.models import PracticeKind, SupplierRegion, SupplierYear, SupplyPractice, TenderYear
from apps.supply_chain.policies import SECTION

_PERCENT: Final = Fraction(100)


def _suppliers(code: str, title: Text, where: Q, hkex: tuple[str, ...], meaning: str, example: str) -> None:
    declared.register(
        DistinctCount(
            code=code,
            title=title,
            unit="supplier",
            decimals=0,
            section=SECTION,
            hkex=hkex,
            source=SupplierYear,
            of="supplier",
            where=where,
            meaning=meaning,
            worked_example=example,
        )
    )


def _share(code: str, title: Text, above: str, below: str, hkex: tuple[str, ...], meaning: str, example: str) -> None:
    declared.register(
        Ratio(
            code=code,
            title=title,
            unit="%",
            decimals=1,
            section=SECTION,
            hkex=hkex,
            numerator=above,
            denominator=below,
            factor=_PERCENT,
            meaning=meaning,
            worked_example=example,
        )
    )


_suppliers(
    "SC-SUPPLIERS",
    _("Suppliers"),
    Q(),
    ("B5.1",),
    "Suppliers active on some day of the year at the site; of the group each one once, however many sites it supplies.",
    "Hami has A, B and C, Baishan has C and D: 3 and 2, and 4 of the group.",
)


def _region(region: SupplierRegion, code: str) -> tuple[Kpi, ...]:
    count = DistinctCount(
        code=code,
        title=region.name,
        unit="supplier",
        decimals=0,
        section=SECTION,
        hkex=("B5.1",),
        source=SupplierYear,
        of="supplier",
        where=Q(region=region.pk),
    )
    share = Ratio(
        code=f"{code}-SHARE",
        title=_("%(region)s, share") % {"region": region.name},
        unit="%",
        decimals=1,
        section=SECTION,
        hkex=("B5.1",),
        numerator=code,
        denominator="SC-SUPPLIERS",
        factor=_PERCENT,
    )
    return count, share


REGIONS: Final = declared.register(
    Family(
        code="SC-REGION-*",
        title=_("Suppliers by region"),
        rows=SupplierRegion.objects.all,
        declare=_region,
        sample=lambda: SupplierRegion(pk=0, code="sample", name_en="Sample"),
        hkex="B5.1",
        meaning="Suppliers of the year by the region in which they have their seat, and their share of all suppliers.",
        worked_example="3 of 4 suppliers in Xinjiang, 1 in Jilin: 3 (75.0 %) and 1 (25.0 %).",
    )
)

_suppliers(
    "SC-MAJOR",
    _("Major suppliers"),
    Q(is_major=True),
    (),
    "Suppliers that the register calls major.",
    "A and C of four: 2.",
)
_suppliers(
    "SC-MAJOR-AUDITED",
    _("Major suppliers with a valid labour audit"),
    Q(is_major=True, is_labour_audited=True),
    ("B5.2",),
    "Major suppliers with a confirmed labour audit, passed and valid on the last day of the year.",
    "A's audit holds until next June, C's ended in October: 1.",
)
_share(
    "SC-MAJOR-AUDITED-SHARE",
    _("Share of major suppliers with a valid labour audit"),
    "SC-MAJOR-AUDITED",
    "SC-MAJOR",
    ("B5.2",),
    "Major suppliers with a valid labour audit among all major suppliers.",
    "1 of 2: 50.0 %.",
)
_suppliers(
    "SC-COVERED",
    _("Suppliers to which the practices apply"),
    Q(practices_apply=True),
    ("B5.2",),
    "Suppliers to which the group's practices of engaging and assessing suppliers are applied.",
    "A, B and C of four: 3.",
)
_suppliers(
    "SC-ASSESSED",
    _("Suppliers with a valid assessment"),
    Q(practices_apply=True, is_assessed=True),
    ("B5.2",),
    "Of the suppliers to which practices apply, those with an assessment of any kind that is confirmed, passed and "
    "valid on the last day of the year.",
    "A and B of A, B and C: 2.",
)
_share(
    "SC-ASSESSED-SHARE",
    _("Share of suppliers with a valid assessment"),
    "SC-ASSESSED",
    "SC-COVERED",
    ("B5.2",),
    "Suppliers with a valid assessment among those to which the practices apply.",
    "2 of 3: 66.7 %.",
)


def _spend(code: str, title: Text, amount: str | Combinable, meaning: str, example: str) -> None:
    declared.register(
        Flow(
            code=code,
            title=title,
            unit="CNY",
            decimals=0,
            section=SECTION,
            source=SupplierYear,
            # Where it is given: what is not known is no gap that somebody must fill.
            where=Q(spend_cny__isnull=False),
            amount=amount,
            amount_meaning="the spend as typed",
            meaning=meaning,
            worked_example=example,
        )
    )


_spend(
    "SC-SPEND",
    _("Spend with suppliers, where given"),
    "spend_cny",
    "What the sites bought from suppliers in the year, in RMB without VAT, of the suppliers whose spend is given.",
    "A 3,000,000 and B 1,000,000, C not given: 4,000,000.",
)
_spend(
    "SC-SPEND-ASSESSED",
    _("Spend with validly assessed suppliers"),
    # Zero of the others, so that a site that bought from them alone says 0 and not nothing.
    Case(When(is_assessed=True, then=F("spend_cny")), default=Value(Decimal(0))),
    "Of that spend, what was bought from suppliers with a valid assessment.",
    "Of these A is assessed: 3,000,000.",
)
_share(
    "SC-SPEND-SHARE",
    _("Share of spend with validly assessed suppliers"),
    "SC-SPEND-ASSESSED",
    "SC-SPEND",
    (),
    "Spend with validly assessed suppliers among all spend that is given.",
    "3,000,000 of 4,000,000: 75.0 %.",
)
_suppliers(
    "SC-SPEND-GIVEN",
    _("Suppliers whose spend is given"),
    Q(spend_cny__isnull=False),
    (),
    "How many suppliers the figures of spend speak of. A zero is given, a blank is not.",
    "A and B of four: 2.",
)


def _practices(kind: PracticeKind, title: Text, hkex: str, example: str) -> None:
    declared.register(
        RowCount(
            code=f"SC-PRACTICES-{kind.upper()}",
            title=title,
            unit="case",
            unit_name=pgettext_lazy("unit", "practices"),
            decimals=0,
            section=SECTION,
            hkex=(hkex,),
            source=SupplyPractice,
            where=Q(kind=kind),
            describe=lambda practice: practice.description,
            meaning="Practices that the sites tell, each with the suppliers it covers and how it is watched.",
            worked_example=example,
        )
    )


_practices(
    PracticeKind.ENGAGEMENT,
    _("Practices of engaging suppliers"),
    "B5.2",
    "Tenders by scored attributes at Hami and at Baishan: 2.",
)
_practices(
    PracticeKind.RISKS,
    _("Practices of finding risks in the supply chain"),
    "B5.3",
    "A yearly check of permits at Hami: 1.",
)
_practices(
    PracticeKind.PREFERABLE,
    _("Practices of preferring greener products and services"),
    "B5.4",
    "Returnable packaging preferred at Baishan: 1.",
)


def _tender_bids(code: str, title: Text, amount: str, meaning: str, example: str) -> None:
    declared.register(
        Flow(
            code=code,
            title=title,
            unit="case",
            unit_name=pgettext_lazy("unit", "bids"),
            decimals=0,
            section=SECTION,
            hkex=("B5.2",),
            source=TenderYear,
            amount=amount,
            amount_meaning="the number of bids",
            zero_when_empty=True,
            meaning=meaning,
            worked_example=example,
        )
    )


declared.register(
    RowCount(
        code="SC-TENDERS",
        title=_("Tenders held"),
        unit="tender",
        decimals=0,
        section=SECTION,
        hkex=("B5.2",),
        source=TenderYear,
        describe=lambda entry: str(entry.material),
        meaning="Tenders that were decided in the year and awarded.",
        worked_example="Dolomite in March and ferrosilicon in May at Hami, one at Baishan: 3.",
    )
)
_tender_bids(
    "SC-BIDS",
    _("Bids in these tenders"),
    "bids",
    "Bids that came in for the tenders of the year, eliminated ones included.",
    "Four bids and three: 7.",
)
_tender_bids(
    "SC-BIDS-ELIMINATED",
    _("of these eliminated"),
    "eliminated",
    "Bids of the tenders of the year that failed a requirement and were eliminated.",
    "One of four and none of three: 1.",
)
