"""Forms of publishing and restating."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.organisation.models import ReportingYear, Site
from apps.reporting.models import RestatementKind
from apps.reporting.publishing import REMARK_LENGTH
from apps.submissions.choices import State
from apps.submissions.models import Submission
from apps.submissions.sections import sections


def _words(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=REMARK_LENGTH,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PublishForm(forms.Form):
    """The remark, and the code of the year typed, so that nobody publishes by a slip."""

    remark = _words(
        gettext_lazy("Remark"),
        gettext_lazy("Stands in the published edition. Wanted while not every form is approved: say why."),
    )
    confirm = forms.CharField(
        label=gettext_lazy("To confirm, type the code of the year"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, year: ReportingYear, wants_remark: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._year = year
        self.fields["remark"].required = wants_remark
        self.fields["confirm"].help_text = _("Write %(code)s.") % {"code": year.code}

    def clean_confirm(self) -> str:
        typed: str = self.cleaned_data["confirm"].strip()
        if typed != self._year.code:
            raise forms.ValidationError(
                _("This is not the code of the year. Write %(code)s.") % {"code": self._year.code}
            )
        return typed


class SiteForm(forms.Form):
    """Which site's forms the choice below offers: a group has thousands of them."""

    site = forms.ModelChoiceField(
        queryset=Site.objects.all(), to_field_name="code", required=False, label=gettext_lazy("Site of the form")
    )


class _FormChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Forms by section and period."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{sections[obj.section].title} · {obj.period.label}"


class OpenForm(forms.Form):
    """What was wrong, why, and where. ``site`` limits the forms that may be named."""

    kind = forms.ChoiceField(label=gettext_lazy("What was wrong"), choices=RestatementKind.choices)
    submission = _FormChoice(
        queryset=Submission.objects.none(),
        required=False,
        label=gettext_lazy("Form"),
        help_text=gettext_lazy("Where a row was wrong: the approved form that is opened for its correction."),
    )
    cause_en = _words(gettext_lazy("Cause (English)"))
    cause_zh_hans = _words(gettext_lazy("Cause (Simplified Chinese)"))
    cause_zh_hant = _words(gettext_lazy("Cause (Traditional Chinese)"))

    def __init__(self, *args: Any, year: ReportingYear, site: Site | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        approved = Submission.objects.filter(period__year=year, site=site, state=State.APPROVED)
        self.fields["submission"].queryset = (  # type: ignore[attr-defined]
            approved.select_related("site", "period").order_by("section", "period__starts_on")
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (
            cleaned.get("kind") == RestatementKind.DATA
            and not cleaned.get("submission")
            and not self.has_error("submission")
        ):
            self.add_error("submission", _("Choose the site above, then the form whose row was wrong."))
        return cleaned

    @property
    def cause(self) -> dict[str, str]:
        """By language."""
        return {
            "en": self.cleaned_data["cause_en"],
            "zh-hans": self.cleaned_data["cause_zh_hans"],
            "zh-hant": self.cleaned_data["cause_zh_hant"],
        }


class ReasonForm(forms.Form):
    """Why somebody sends back or withdraws."""

    reason = _words(gettext_lazy("Reason"))


class CommentForm(forms.Form):
    """What whoever approves wants to say; it stands in the edition as its remark."""

    comment = _words(gettext_lazy("Remark"), required=False)
