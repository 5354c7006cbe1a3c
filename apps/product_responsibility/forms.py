"""Forms of the registers and of the certificates."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.admin import WholeRowForm
from apps.core.fields import TypedDecimalField
from apps.product_responsibility import policies
from apps.product_responsibility.models import (
    Certificate,
    CertificateHeld,
    Complaint,
    ComplaintClosing,
    EndReason,
    ProductPractice,
    Recall,
    SoldProduct,
)
from apps.submissions.evidence import ACCEPT
from apps.submissions.models import Submission
from apps.submissions.register_forms import RegisterForm, day_input, sentences

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class ComplaintForm(RegisterForm):
    class Meta:
        model = Complaint
        fields = ("reference", "received_on", "category", "region", "what", "closed_on", "settled")
        widgets = {"received_on": day_input(), "closed_on": day_input(), "what": sentences(), "settled": sentences()}


def open_complaints(submission: Submission) -> Any:
    """Complaints of the site from earlier months that nobody closed, and those that this month closes."""
    complaints: Any = Complaint.objects
    earlier = complaints.filter(
        submission__site=submission.site_id,
        submission__period__starts_on__lt=submission.period.starts_on,
        closed_on__isnull=True,
    )
    return earlier.filter(Q(closings__isnull=True) | Q(closings__submission=submission))


class ComplaintClosingForm(RegisterForm):
    class Meta:
        model = ComplaintClosing
        fields = ("complaint", "closed_on", "settled")
        widgets = {"closed_on": day_input(), "settled": sentences()}

    promised = frozenset({"complaint"})

    @classmethod
    def offered(cls, submission: Submission) -> Mapping[str, Any]:
        return {"complaint": open_complaints(submission)}


class _ProductChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Products with the unit in which their quantities are told."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.unit.label})"


class RecallForm(RegisterForm):
    class Meta:
        model = Recall
        fields = ("product", "recalled_on", "lots", "quantity", "sold", "reason", "cause", "measures")
        field_classes = {"product": _ProductChoice, "quantity": TypedDecimalField, "sold": TypedDecimalField}
        widgets = {"recalled_on": day_input(), "cause": sentences(), "measures": sentences()}

    promised = frozenset({"product"})

    @classmethod
    def offered(cls, submission: Submission) -> Mapping[str, Any]:
        return {"product": SoldProduct.objects.all()}


class ProductPracticeForm(RegisterForm):
    class Meta:
        model = ProductPractice
        fields = ("provision", "description", "watched_by")
        widgets = {"description": sentences(), "watched_by": sentences()}


class CertificateHeldForm(RegisterForm):
    """Never typed: its lines are copied from the register of certificates."""

    class Meta:
        model = CertificateHeld
        fields = ()


_CERTIFICATE_FIELDS = ("standard", "number", "body", "scope", "valid_from", "valid_until", "note")
_CERTIFICATE_WIDGETS = {
    "valid_from": day_input(),
    "valid_until": day_input(),
    "scope": sentences(),
    "note": sentences(),
}


class NewCertificateForm(_ModelForm):
    """A certificate of one of the sites whose certificates ``user`` keeps."""

    class Meta:
        model = Certificate
        fields = ("site", *_CERTIFICATE_FIELDS)
        widgets = _CERTIFICATE_WIDGETS

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = policies.sites_to_keep(user)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        if len(sites) == 1:
            self.initial.setdefault("site", sites[0].pk)


class CertificateForm(WholeRowForm):
    """What is printed on a certificate. Its site stays."""

    class Meta:
        model = Certificate
        fields = _CERTIFICATE_FIELDS
        widgets = _CERTIFICATE_WIDGETS


class EndForm(WholeRowForm):
    """From which day on a certificate does not hold, and why. Both empty take the end back."""

    ended_because = forms.ChoiceField(
        label=_("Why it ended"), choices=[("", "---------"), *EndReason.choices], required=False
    )

    class Meta:
        model = Certificate
        fields = ("ended_on", "ended_because")
        widgets = {"ended_on": day_input()}


class FileForm(forms.Form):
    """A scan of the certificate."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A scan or the file of the certification body. It stays with the certificate."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
