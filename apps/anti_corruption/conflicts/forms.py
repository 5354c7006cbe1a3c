"""Which conflicts the list shows, and what officers enter about one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.answers import says_something
from apps.anti_corruption.models import Conflict, Decision, QuestionKind, Ruling
from apps.anti_corruption.signing.names import colleagues, key_of
from apps.organisation.models import Site

_KINDS = [(kind.value, kind.label) for kind in QuestionKind if kind != QuestionKind.WRONGDOING]


class ConflictFilter(forms.Form):
    """What cannot be read in the address is no filter."""

    show = forms.ChoiceField(
        label=_("Conflicts"),
        choices=[
            ("", _("All that stand")),
            ("undecided", _("Not decided")),
            ("decided", _("Decided")),
            ("over", _("Over: the declaration was replaced")),
        ],
        required=False,
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("of a conflict", "About"), choices=[("", _("Everything")), *_KINDS], required=False
    )
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), to_field_name="code", required=False, empty_label=_("All sites")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = policies.sites_overseen(user)  # type: ignore[attr-defined]
        self.full_clean()

    def among(self, conflicts: QuerySet[Conflict]) -> QuerySet[Conflict]:
        chosen = self.cleaned_data
        decided = Exists(Decision.objects.counting().filter(conflict=OuterRef("pk")))
        conflicts = conflicts.filter(declaration__replaced_by__isnull=chosen.get("show") != "over")
        if chosen.get("show") in ("decided", "undecided"):
            conflicts = conflicts.filter(decided if chosen["show"] == "decided" else ~decided)
        if chosen.get("kind"):
            conflicts = conflicts.filter(kind=chosen["kind"])
        if chosen.get("site"):
            conflicts = conflicts.filter(declaration__duty__site=chosen["site"].pk)
        return conflicts


class DecisionForm(forms.Form):
    """What becomes of a conflict."""

    ruling = forms.ChoiceField(
        label=pgettext_lazy("on a conflict", "Decision"), choices=[("", "---------"), *Ruling.choices]
    )
    words = forms.CharField(
        label=_("Measure or reason"),
        help_text=_("What is done about it, or why nothing needs to be. The person who signed reads this."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"])
        if not says_something(words):
            raise ValidationError(_("Say what is done, or why nothing needs to be."))
        return words


class ConcernedForm(forms.Form):
    """A colleague whom the answer speaks of."""

    person = forms.CharField(
        label=_("Colleague"),
        help_text=_("User name or full name. They will not read this answer, nor decide about it."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_person(self) -> User:
        typed = self.cleaned_data["person"].strip()
        found = User.objects.filter(username=typed, is_active=True).first()
        called_so = colleagues([typed]).get(key_of(typed), [])
        if found is None and len(called_so) == 1:
            found = called_so[0]
        if found is None:
            raise ValidationError(
                _("Nobody is known for certain by this. Look up the user name; two people may be called the same.")
            )
        return found


class PartnerForm(forms.Form):
    """A business partner of which the answer speaks."""

    partner = forms.CharField(
        label=_("Business partner"),
        help_text=_("Number, credit code or name, as in the register of suppliers."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
