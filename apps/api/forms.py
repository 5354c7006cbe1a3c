"""The form of a new token."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.api import services
from apps.api.models import ApiToken
from apps.core.admin import WholeRowForm
from apps.organisation.models import Site
from apps.submissions.register_forms import day_input

# What the form proposes; the last day may lie up to a year away.
_USUAL_DAYS = 90


class TokenForm(WholeRowForm):
    """Who it is for, what it reads and until when."""

    sites = forms.ModelMultipleChoiceField(
        label=_("Sites"),
        queryset=Site.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It reads these sites and no totals of the group."),
    )

    class Meta:
        model = ApiToken
        fields = ("name", "owner", "whole_group", "expires_on")
        widgets = {"expires_on": day_input()}
        help_texts = {"expires_on": _("Within a year from today.")}

    field_order = ("name", "owner", "whole_group", "sites", "expires_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.filter(is_active=True)  # type: ignore[attr-defined]
        self.initial.setdefault("expires_on", timezone.localdate() + dt.timedelta(days=_USUAL_DAYS))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "owner" in cleaned and "sites" in cleaned:
            self._say(
                services.check_scope,
                owner=cleaned["owner"],
                sites=cleaned["sites"],
                whole_group=cleaned.get("whole_group", False),
            )
        if "expires_on" in cleaned:
            self._say(services.check_last_day, cleaned["expires_on"])
        return cleaned

    def _say(self, check: Any, *args: Any, **kwargs: Any) -> None:
        try:
            check(*args, **kwargs)
        except ValidationError as error:
            self.add_error(None, error)
