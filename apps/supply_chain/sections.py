"""What sites hand in on their supply chain once a year (HKEX B5)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.organisation.choices import Frequency
from apps.submissions.sections import Register, Section, Source, sections
from apps.supply_chain import checks, forms, yearly
from apps.supply_chain.models import SupplierYear, SupplyPractice, TenderYear
from apps.supply_chain.policies import SECTION

SUPPLY_CHAIN: Final = sections.register(
    Section(
        code=SECTION,
        title=_("Supply chain"),
        frequency=Frequency.YEAR,
        hkex=("B5",),
        tables=(
            Register(
                code="supplier",
                model=SupplierYear,
                form=forms.SpendForm,
                title=_("Suppliers of the year"),
                help=_(
                    "From the register of suppliers: who was active here in the year, and how each stood on its last "
                    "day. Type what was spent, where it is known."
                ),
                source=Source(
                    title=_("Bring up to date from the registers"),
                    lines=yearly.suppliers_of,
                    key=("supplier",),
                    typed=("spend_cny",),
                ),
                shown=("supplier", "region", "is_major", "practices_apply", "is_assessed", "is_labour_audited"),
                annotate=lambda lines: lines.select_related("supplier", "region"),
            ),
            Register(
                code="tender",
                model=TenderYear,
                form=forms.TenderYearForm,
                title=_("Tenders of the year"),
                help=_("Tenders of this site that were decided in the year and awarded, with their bids."),
                by_hand=False,
                source=Source(title=_("Bring up to date from the registers"), lines=yearly.tenders_of, key=("tender",)),
                shown=("tender", "material", "decided_on", "bids", "eliminated"),
                annotate=lambda lines: lines.select_related("tender", "material"),
            ),
            Register(
                code="supply_practice",
                as_cards=True,
                model=SupplyPractice,
                form=forms.PracticeForm,
                title=_("Practices"),
                help=_("How suppliers are engaged, how risks are found, how greener products are preferred."),
                answer_required=True,
            ),
        ),
        checks=(
            checks.major_suppliers_are_audited,
            checks.practices_fit_the_suppliers,
            checks.spend_is_complete,
        ),
    )
)
