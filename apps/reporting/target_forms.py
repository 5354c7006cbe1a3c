"""The form of the yearly review of a target."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.reporting.models import TargetReview
from apps.submissions.register_forms import day_input, sentences

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class TargetReviewForm(_ModelForm):
    """Who looked at the target, when, and what they found."""

    class Meta:
        model = TargetReview
        fields = ("verdict", "reviewed_on", "reviewed_by", "remark")
        widgets = {"reviewed_on": day_input(), "remark": sentences()}

    def clean_reviewed_on(self) -> Any:
        day = self.cleaned_data["reviewed_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Enter a day that has come."))
        return day
