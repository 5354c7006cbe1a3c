"""What people fill in on the pages of suppliers and assessments."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import Site
from apps.submissions.register_forms import day_input
from apps.supply_chain.models import (
    Assessment,
    AssessmentFile,
    CorrectiveAction,
    Supplier,
    SupplierRegion,
    SupplyCategory,
)

if TYPE_CHECKING:
    _SupplierForm = forms.ModelForm[Supplier]
    _AssessmentForm = forms.ModelForm[Assessment]
    _ActionForm = forms.ModelForm[CorrectiveAction]
else:
    _SupplierForm = _AssessmentForm = _ActionForm = forms.ModelForm


class SupplierForm(_SupplierForm):
    """One supplier. Its number stays once it is given."""

    class Meta:
        model = Supplier
        fields = (
            "code",
            "name_zh",
            "name_en",
            "uscc",
            "region",
            "supplies",
            "sites",
            "is_major",
            "practices_apply",
            "active_from",
            "active_until",
            "note",
        )
        widgets = {
            "active_from": day_input(),
            "active_until": day_input(),
            "supplies": forms.CheckboxSelectMultiple,
            "sites": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]


class SupplierFilter(forms.Form):
    """Narrows the list; a wrong choice is ignored."""

    q = forms.CharField(label=_("Number, name or credit code"), required=False, max_length=60)
    site = forms.ModelChoiceField(Site.objects.all(), label=_("Site"), required=False, empty_label=_("All"))
    region = forms.ModelChoiceField(
        SupplierRegion.objects.all(), label=_("Region"), required=False, empty_label=_("All")
    )
    category = forms.ModelChoiceField(
        SupplyCategory.objects.all(), label=_("Supplies"), required=False, empty_label=_("All")
    )
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Active")),
            ("major", _("Major")),
            ("unaudited", _("Major, without a valid labour audit")),
            ("all", _("All, also former ones")),
        ],
    )


class AssessmentForm(_AssessmentForm):
    """What an assessment found."""

    class Meta:
        model = Assessment
        fields = (
            "kind",
            "assessed_on",
            "assessor",
            "child_labour",
            "forced_labour",
            "result",
            "findings",
            "valid_until",
        )
        widgets = {
            "assessed_on": day_input(),
            "valid_until": day_input(),
            "findings": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "child_labour": _("In a labour audit."),
            "forced_labour": _("In a labour audit."),
        }

    def _get_validation_exclusions(self) -> set[str]:
        """Neither is a field of the form, yet both are part of what must not be there twice."""
        return super()._get_validation_exclusions() - {"supplier", "withdrawn_at"}  # type: ignore[misc,no-any-return]


class FileForm(forms.Form):
    """A file of an assessment, and what it proves."""

    about = forms.ChoiceField(
        label=_("Proves"),
        choices=AssessmentFile._meta.get_field("about").choices,  # type: ignore[arg-type]
    )
    file = forms.FileField(label=_("File (PDF, picture, XLSX, DOCX, CSV, TXT)"), max_length=200)


class ActionForm(_ActionForm):
    """Something to be put right."""

    class Meta:
        model = CorrectiveAction
        fields = ("what", "due_on")
        widgets = {"due_on": day_input()}


class RecheckForm(forms.Form):
    """What became of it."""

    checked_on = forms.DateField(label=_("Checked again on"), widget=day_input())
    outcome = forms.CharField(label=_("What the re-check found"), max_length=500)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
