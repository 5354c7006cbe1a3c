"""What officers type to open a round or to excuse somebody, and what narrows the list of a round."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.campaigns.asking import how_many
from apps.anti_corruption.campaigns.pages import CLOSED_WORDS
from apps.anti_corruption.models import Campaign, DutyState, IntegritySettings, Rank
from apps.organisation.models import Site
from apps.submissions.register_forms import day_input

if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Site]
else:
    _ModelChoiceField = forms.ModelChoiceField

# Not a state of its own: open, and its day is over.
OVERDUE: Final = "overdue"
# A round that would end in the next year ends with this one, where that leaves so many days to sign.
LEAST_DAYS: Final = 14


class _SiteField(_ModelChoiceField):
    """A site with the number of people who would be asked there."""

    people: dict[int, int]

    def label_from_instance(self, obj: Any) -> str:
        return _("%(site)s (%(people)d)") % {"site": obj.name, "people": self.people.get(obj.pk, 0)}


def proposed_day(today: dt.date, days_to_sign: int) -> dt.date:
    """Until when a round opened ``today`` is to be signed: this year still, where people have two weeks for it."""
    day, last = today + dt.timedelta(days=days_to_sign), dt.date(today.year, 12, 31)
    return min(day, last) if (last - today).days >= LEAST_DAYS else day


class CampaignForm(forms.Form):
    """A new yearly round. Officers of a site open it for theirs alone."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    site = _SiteField(
        queryset=Site.objects.none(),
        label=gettext_lazy("Whom to ask"),
        help_text=gettext_lazy("In brackets: how many people hold an important position there today."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("To be signed by"),
        widget=day_input(),
        help_text=gettext_lazy("The round counts in the figures of the year in which this day lies."),
    )

    def __init__(self, *, user: User, data: Any = None) -> None:
        today = timezone.localdate()
        due_on = proposed_day(today, IntegritySettings.current().days_to_sign)
        title = _("%(year)d · yearly") % {"year": due_on.year}
        super().__init__(data, initial={"title": title, "due_on": due_on})
        everybody, by_site = how_many(today)
        site: Any = self.fields["site"]
        site.people = by_site
        site.queryset = policies.sites_of_officer(user)
        if policies.is_group_officer(user):
            site.required = False
            site.empty_label = _("Every site (%(people)d)") % {"people": everybody}
        elif len(site.queryset) == 1:
            site.empty_label = None

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())


class ExcuseForm(forms.Form):
    """Why somebody need not sign."""

    reason = forms.CharField(
        label=gettext_lazy("Why the person is excused"),
        max_length=300,
        help_text=gettext_lazy("Such as: on leave until next year. The audit trail keeps it: write nothing private."),
    )


class DutyFilter(forms.Form):
    """Narrows the people of a round; what cannot be read narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=60)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"), queryset=Site.objects.none(), required=False, empty_label=gettext_lazy("All")
    )
    rank = forms.ChoiceField(label=pgettext_lazy("of people", "Rank"), required=False)

    def __init__(self, data: Any, *, user: User, campaign: Campaign) -> None:
        super().__init__(data)
        fields: Any = self.fields
        words: dict[str, Any] = {state.value: state.label for state in DutyState}
        if campaign.is_open:
            words = {DutyState.OPEN.value: DutyState.OPEN.label, OVERDUE: _("Overdue")} | words
        else:
            words |= CLOSED_WORDS
        fields["state"].choices = [("", _("All")), *words.items()]
        fields["rank"].choices = [("", _("All")), *Rank.choices]
        fields["site"].queryset = policies.sites_overseen(user)
        if campaign.site_id is not None:
            del self.fields["site"]

    def narrowed(self, duties: Any) -> Any:
        """Those of ``duties`` (of policies) that fit."""
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("state") == OVERDUE:
            duties = duties.overdue(timezone.localdate())
        elif chosen.get("state"):
            duties = duties.filter(state=chosen["state"])
        for name in ("site", "rank"):
            if chosen.get(name):
                duties = duties.filter(**{name: chosen[name]})
        words = chosen.get("q", "").strip()
        if words:
            duties = duties.filter(Q(user__full_name__icontains=words) | Q(user__username__icontains=words))
        return duties
