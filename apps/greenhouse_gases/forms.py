"""Forms of factors, of the basis of a year and of contractual instruments."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.admin import WholeRowForm
from apps.core.fields import TypedDecimalField
from apps.greenhouse_gases.choices import Confidence, Parameter
from apps.greenhouse_gases.models import ContractualInstrument, Factor, YearBasis
from apps.greenhouse_gases.subjects import subject_names
from apps.submissions.register_forms import day_input, sentences

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm

_FIELDS = ("value", "unit", "valid_from", "valid_until", "data_year", "document", "issuer", "confidence", "note")
_WIDGETS = {"valid_from": day_input(), "valid_until": day_input(), "note": sentences(), "reason": sentences()}


class VersionForm(WholeRowForm):
    """The next version of a factor. What it is about stays."""

    class Meta:
        model = Factor
        fields: tuple[str, ...] = (*_FIELDS, "reason")
        field_classes = {"value": TypedDecimalField}
        widgets = _WIDGETS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class NewFactorForm(VersionForm):
    """A factor that has no version yet, such as those of a new fuel."""

    subject = forms.ChoiceField(label=_("What it is about"))

    class Meta(VersionForm.Meta):
        fields = ("subject", "parameter", "region", "series", "gwp_set", *_FIELDS, "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", "---------"), *subject_names().items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        key = {name: cleaned.get(name, "") for name in ("subject", "parameter", "region", "series", "gwp_set")}
        if Factor.objects.filter(**key).exists():
            raise ValidationError(_("This factor is there already. Open it in the list and add a version."))
        return cleaned


class FactorFilter(forms.Form):
    """Which factors the list shows; what cannot be read in the address is no filter."""

    subject = forms.ChoiceField(label=_("About"), required=False)
    parameter = forms.ChoiceField(label=_("What it says"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    confidence = forms.ChoiceField(label=_("How sure"), required=False)

    def __init__(self, *args: Any, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subjects = Factor.objects.order_by("subject").values_list("subject", flat=True).distinct()
        regions = Factor.objects.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
        everything = ("", _("All"))
        self.fields["subject"].choices = [  # type: ignore[attr-defined]
            everything,
            *sorted(((code, names.get(code, code)) for code in subjects), key=lambda pair: pair[1]),
        ]
        self.fields["parameter"].choices = [everything, *Parameter.choices]  # type: ignore[attr-defined]
        self.fields["region"].choices = [everything, *((region, region) for region in regions)]  # type: ignore[attr-defined]
        self.fields["confidence"].choices = [everything, *Confidence.choices]  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def chosen(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class BasisForm(_ModelForm):
    """What a year is reckoned with."""

    class Meta:
        model = YearBasis
        fields = ("grid_series", "gwp_set")


class InstrumentForm(_ModelForm):
    """Electricity of a site under a contract of its own."""

    class Meta:
        model = ContractualInstrument
        fields = ("site", "kind", "mwh", "note")
        field_classes = {"mwh": TypedDecimalField}
        widgets = {"note": sentences()}
