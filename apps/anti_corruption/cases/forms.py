"""What officers type of a concluded case."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.models import ConcludedCase
from apps.organisation.models import Site
from apps.submissions.register_forms import day_input

if TYPE_CHECKING:
    _CaseForm = forms.ModelForm[ConcludedCase]
else:
    _CaseForm = forms.ModelForm


class CaseForm(_CaseForm):
    """A case at one of the sites whose officer somebody is."""

    class Meta:
        model = ConcludedCase
        fields = (
            "site",
            "reference",
            "subject",
            "matter",
            "authority",
            "concluded_on",
            "outcome",
            "outcome_words",
        )
        widgets: Any = {
            "matter": forms.Textarea(attrs={"rows": 4}),
            "concluded_on": day_input(),
            "outcome_words": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site: Any = self.fields["site"]
        site.queryset = policies.sites_of_officer(user)
        if len(site.queryset) == 1:
            site.empty_label = None


class CaseFilter(forms.Form):
    """Narrows the list; what cannot be read narrows nothing."""

    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"), queryset=Site.objects.none(), required=False, empty_label=gettext_lazy("All")
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        site: Any = self.fields["site"]
        site.queryset = policies.sites_overseen(user)

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
