"""What people fill in on the pages of suppliers and assessments."""

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.organisation.models import Site
from apps.submissions.register_forms import day_input
from apps.supply_chain import policies
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


def fingerprint(supplier: Supplier) -> str:
    """What is stored of a supplier, in a few characters."""
    stored = [str(getattr(supplier, field.attname)) for field in Supplier._meta.concrete_fields]
    ties = [sorted(rows.values_list("pk", flat=True)) for rows in (supplier.supplies.all(), supplier.sites.all())]
    return hashlib.sha256(repr((stored, ties)).encode()).hexdigest()[:16]


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

    # What its page showed, by which a change in between is noticed.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._of_others: list[Site] = []
        self.now = ""
        kept = policies.sites_kept(user)
        if kept is not None:
            self.fields["sites"].queryset = Site.objects.filter(pk__in=kept)  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["code"]
            stored = list(self.instance.sites.all())
            self._of_others = [site for site in stored if kept is not None and site.pk not in kept]
            self.fields["sites"].required = not self._of_others
            self.now = fingerprint(self.instance)
            self.initial["seen"] = self.now

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if self.instance.pk and chosen.get("seen") != self.now:
            self.add_error(
                None, _("Somebody changed this supplier meanwhile. Open it anew in another window and change it there.")
            )
        if "sites" in chosen:
            # Ties to the sites of others stay, whoever saves.
            chosen["sites"] = [*chosen["sites"], *self._of_others]
        return chosen


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
    put_right = forms.TypedChoiceField(
        label=_("Put right"),
        choices=[("", "---------"), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
    )
    outcome = forms.CharField(label=_("What the re-check found"), max_length=500)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
