"""Forms of the registers of the annual form."""

from apps.core.fields import TypedDecimalField
from apps.submissions.register_forms import RegisterForm, sentences
from apps.supply_chain.models import SupplierYear, SupplyPractice, TenderYear


class SpendForm(RegisterForm):
    """Of a supplier of the year only what was spent is typed."""

    class Meta:
        model = SupplierYear
        fields = ("spend_cny", "note")
        field_classes = {"spend_cny": TypedDecimalField}


class TenderYearForm(RegisterForm):
    """Never typed: its lines are copied from the tenders."""

    class Meta:
        model = TenderYear
        fields = ()


class PracticeForm(RegisterForm):
    class Meta:
        model = SupplyPractice
        fields = ("kind", "description", "suppliers_covered", "watched_by")
        widgets = {"description": sentences()}
