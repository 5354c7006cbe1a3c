"""Forms of the registers of the annual form."""

from typing import TYPE_CHECKING, Any

from django import forms

from apps.core.fields import TypedDecimalField
from apps.submissions.models import Submission
from apps.supply_chain.models import SupplierYear, SupplyPractice, TenderYear

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class RegisterForm(_ModelForm):
    """One line of a register of ``submission``."""

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.submission = submission


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
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
