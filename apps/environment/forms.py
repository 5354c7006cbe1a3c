"""Forms of the registers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.fields import TypedDecimalField
from apps.environment.models import Measure, Pollutant, Stack, StackTest
from apps.submissions.models import Submission
from apps.submissions.register_forms import RegisterForm, day_input


class StackTestForm(RegisterForm):
    """One measured concentration. Stacks are those of the site."""

    class Meta:
        model = StackTest
        fields = ("stack", "pollutant", "concentration_mg_m3", "tested_on", "report_number", "note")
        field_classes = {"concentration_mg_m3": TypedDecimalField}
        widgets = {"tested_on": day_input()}

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, submission=submission, **kwargs)
        period = submission.period
        stacks: Any = Stack.objects.in_force(period.starts_on, period.ends_on)
        self.fields["stack"].queryset = stacks.filter(site=submission.site)  # type: ignore[attr-defined]
        self.fields["pollutant"].queryset = Pollutant.objects.all()  # type: ignore[attr-defined]
        self.fields["concentration_mg_m3"].label = _("mg/m³")


class MeasureForm(RegisterForm):
    """What the site did to save or to spare."""

    class Meta:
        model = Measure
        fields = ("kind", "description", "since", "effect", "note")
        widgets = {"since": day_input()}
