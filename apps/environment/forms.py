"""Forms of the registers."""

from collections.abc import Mapping
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
        labels = {"concentration_mg_m3": _("mg/m³")}

    promised = frozenset({"stack", "pollutant"})

    @classmethod
    def offered(cls, submission: Submission) -> Mapping[str, Any]:
        period = submission.period
        stacks: Any = Stack.objects.in_force(period.starts_on, period.ends_on)
        return {"stack": stacks.filter(site=submission.site_id), "pollutant": Pollutant.objects.all()}


class MeasureForm(RegisterForm):
    """What the site did to save or to spare."""

    class Meta:
        model = Measure
        fields = ("kind", "description", "since", "effect", "note")
        widgets = {"since": day_input()}
