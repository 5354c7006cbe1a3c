"""Forms of the registers of the annual form."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.anti_corruption.models import Channel, IntegrityCount, IntegrityTraining, SignedYear
from apps.core.fields import TypedDecimalField
from apps.submissions.register_forms import RegisterForm, day_input


class PaperForm(RegisterForm):
    """Of the statements of a rank only those on paper are typed, and where they are kept."""

    class Meta:
        model = SignedYear
        fields = ("paper_due", "paper_signed", "note")


class IntegrityCountForm(RegisterForm):
    """Never typed: its lines are counted in the registers of integrity."""

    class Meta:
        model = IntegrityCount
        fields = ()


class ChannelForm(RegisterForm):
    class Meta:
        model = Channel
        fields = ("kind", "description", "run_by", "is_anonymous", "is_external", "reports", "substantiated")


class IntegrityTrainingForm(RegisterForm):
    class Meta:
        model = IntegrityTraining
        fields = ("held_on", "topic", "audience", "participants", "hours_each", "trainer")
        field_classes = {"hours_each": TypedDecimalField}
        widgets = {"held_on": day_input()}

    def clean_held_on(self) -> Any:
        """A training counts in the year in which it was held."""
        day, period = self.cleaned_data["held_on"], self.instance.submission.period
        if not period.starts_on <= day <= period.ends_on:
            raise ValidationError(_("The training lies outside this year; enter it in the form of the year it was in."))
        return day
