"""What people fill in about gifts."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.gifts.services import follow_settings
from apps.anti_corruption.models import Gift, Handling, PostHolder
from apps.core.fields import TypedDecimalField
from apps.organisation.models import Site
from apps.organisation.policies import grants

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Gift]
else:
    _ModelForm = forms.ModelForm


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def sites_of(user: User) -> QuerySet[Site]:
    """Where somebody works, by their roles, duties and positions; every site where that says nothing."""
    roles = {grant.site_id for grant in grants(user)}
    near = Q(pk__in=[pk for pk in roles if pk is not None])
    near |= Q(pk__in=policies.duties_of(user).order_by().values("site"))
    near |= Q(pk__in=PostHolder.objects.filter(user=user.pk).order_by().values("site"))
    sites = Site.objects.filter(near)
    return sites if None not in roles and sites.exists() else Site.objects.all()


class GiftForm(_ModelForm):
    """A gift that its receiver registers, or puts right. Rules and day are those of today."""

    value_cny = TypedDecimalField(
        label=gettext_lazy("Value in RMB"),
        max_digits=12,
        decimal_places=2,
        min_value=Decimal(0),
        help_text=gettext_lazy("An estimate will do."),
    )

    class Meta:
        model = Gift
        fields = (
            "site",
            "received_on",
            "giver",
            "occasion",
            "item",
            "is_cash",
            "value_cny",
            "witness",
            "late_because",
        )
        widgets: Any = {"received_on": _day_input()}

    def __init__(self, *args: Any, user: User, replaces: Gift | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = self.fields["site"]
        sites.queryset = sites_of(user)  # type: ignore[attr-defined]
        if replaces is not None:
            sites.queryset = Site.objects.filter(pk=replaces.site_id)  # type: ignore[attr-defined]
            sites.empty_label = None  # type: ignore[attr-defined]
            self._start_from(replaces)
        elif len(sites.queryset) == 1:  # type: ignore[attr-defined]
            sites.initial = sites.queryset[0]  # type: ignore[attr-defined]
        for name in ("giver", "occasion", "item", "witness", "late_because"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.instance.replaces = replaces
        follow_settings(self.instance, user)
        days = self.instance.days_allowed
        self.fields["late_because"].help_text = ngettext(
            "Needed where the gift was received more than %(count)d day ago.",
            "Needed where the gift was received more than %(count)d days ago.",
            days,
        ) % {"count": days}

    def _start_from(self, replaced: Gift) -> None:
        """What was entered before; that it is put right today is no delay of its own."""
        for name in self.fields:
            self.initial[name] = getattr(replaced, f"{name}_id" if name == "site" else name)
        if not replaced.late_because:
            day = date_format(replaced.registered_on, "SHORT_DATE_FORMAT")
            self.initial["late_because"] = _("Correction of the entry of %(day)s.") % {"day": day}

    def clean_received_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day = cleaned.get("received_on")
        if day and not cleaned.get("late_because"):
            late = (self.instance.registered_on - day).days > self.instance.days_allowed
            if late and "late_because" not in self.errors:
                days = self.instance.days_allowed
                said = ngettext(
                    "A gift is registered within %(count)d day. Say why it is later.",
                    "A gift is registered within %(count)d days. Say why it is later.",
                    days,
                )
                self.add_error("late_because", said % {"count": days})
        return cleaned


class SettleForm(forms.Form):
    """What became of a gift, as an officer confirms it."""

    handling = forms.ChoiceField(label=gettext_lazy("What became of it"))
    handled_on = forms.DateField(label=gettext_lazy("On which day"), widget=_day_input())
    receipt = forms.CharField(
        label=gettext_lazy("Receipt number"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Needed where it is handed in."),
    )
    words = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, gift: Gift) -> None:
        super().__init__(data, initial={"handled_on": timezone.localdate()})
        self.gift = gift
        ways = [(value, label) for value, label in Handling.choices if value != Handling.KEPT or not gift.must_go]
        self.fields["handling"].choices = [("", "---------"), *ways]  # type: ignore[attr-defined]

    def clean_handled_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["handled_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        if day < self.gift.received_on:
            raise forms.ValidationError(_("The gift was received later than this day."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("handling") == Handling.HANDED_IN and not cleaned.get("receipt"):
            self.add_error("receipt", _("What is handed in gets a receipt number."))
        return cleaned


class GiftFilter(forms.Form):
    """Which gifts the list shows; what cannot be read in the address is no filter."""

    show = forms.ChoiceField(
        label=gettext_lazy("Gifts"),
        choices=[
            ("", gettext_lazy("All")),
            ("open", gettext_lazy("To be settled")),
            ("settled", gettext_lazy("Settled")),
        ],
        required=False,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.full_clean()

    @property
    def shown(self) -> str:
        return str(self.cleaned_data.get("show", ""))
