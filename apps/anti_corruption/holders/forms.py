"""What officers type of the holders of positions, and what narrows their list."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.holders.reading import nobody, several
from apps.anti_corruption.models import Post, PostHolder
from apps.organisation.models import Site
from apps.submissions.register_forms import day_input

if TYPE_CHECKING:
    _HolderForm = forms.ModelForm[PostHolder]
else:
    _HolderForm = forms.ModelForm


class HolderForm(_HolderForm):
    """Puts somebody into a position. The person is typed: there may be thousands."""

    person = forms.CharField(
        label=gettext_lazy("Person"),
        max_length=150,
        help_text=gettext_lazy("The name to sign in with, or the full name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = PostHolder
        fields = ("post", "site", "valid_from", "valid_until")
        widgets: Any = {"valid_from": day_input(), "valid_until": day_input()}
        help_texts = {"valid_until": gettext_lazy("The last day. Blank while the person holds the position.")}

    field_order = ("person", "post", "site", "valid_from", "valid_until")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site: Any = self.fields["site"]
        site.queryset = policies.sites_of_officer(user)
        if len(site.queryset) == 1:
            site.empty_label = None

    def clean_person(self) -> User:
        typed = " ".join(self.cleaned_data["person"].split())
        active = User.objects.filter(is_active=True)
        # User names may differ in capitals alone.
        found = (
            list(active.filter(username=typed))
            or list(active.filter(username__iexact=typed)[:2])
            or list(active.filter(full_name__iexact=typed)[:2])
        )
        if not found:
            raise ValidationError(nobody(typed))
        if len(found) > 1:
            raise ValidationError(several(typed))
        return found[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "person" in cleaned:
            self.instance.user = cleaned["person"]
        return cleaned


class EndForm(forms.Form):
    """The last day in a position."""

    until = forms.DateField(label=gettext_lazy("Last day"), widget=day_input())


class HolderFilter(forms.Form):
    """Narrows the list; what cannot be read narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=60)
    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"), queryset=Site.objects.none(), required=False, empty_label=gettext_lazy("All")
    )
    post = forms.ModelChoiceField(
        label=gettext_lazy("Important position"),
        queryset=Post._default_manager.all(),
        required=False,
        empty_label=gettext_lazy("All"),
    )
    show = forms.ChoiceField(label=gettext_lazy("Show"), required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["site"].queryset = policies.sites_overseen(user)
        fields["show"].choices = [
            ("", _("Current and coming")),
            ("ended", pgettext("of a position", "Ended")),
            ("all", _("All")),
        ]

    def narrowed(self, holders: Any) -> Any:
        """Those of ``holders`` (of policies) that fit."""
        self.is_valid()
        chosen, today = self.cleaned_data, timezone.localdate()
        if chosen.get("show") == "ended":
            holders = holders.filter(valid_until__lt=today)
        elif chosen.get("show") != "all":
            # Those of today, and those to come.
            holders = holders.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today))
        for name in ("site", "post"):
            if chosen.get(name):
                holders = holders.filter(**{name: chosen[name]})
        words = chosen.get("q", "").strip()
        if words:
            holders = holders.filter(Q(user__full_name__icontains=words) | Q(user__username__icontains=words))
        return holders
