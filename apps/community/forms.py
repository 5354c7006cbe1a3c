"""Forms of the registers of the community."""

from apps.community.models import Contribution, HiringArrangement
from apps.core.fields import TypedDecimalField
from apps.submissions.register_forms import RegisterForm, day_input, sentences


class ContributionForm(RegisterForm):
    """What was given, in the currency in which it was given. ``Contribution.clean`` converts it."""

    class Meta:
        model = Contribution
        fields = (
            "given_on",
            "focus_area",
            "what",
            "for_whom",
            "money",
            "goods_at_cost",
            "currency",
            "volunteer_people",
            "volunteer_hours",
            "beneficiaries",
        )
        field_classes = {
            "money": TypedDecimalField,
            "goods_at_cost": TypedDecimalField,
            "volunteer_hours": TypedDecimalField,
        }
        widgets = {"given_on": day_input(), "what": sentences(), "for_whom": sentences()}


class HiringArrangementForm(RegisterForm):
    class Meta:
        model = HiringArrangement
        fields = ("description", "for_whom", "since")
        widgets = {"description": sentences(), "for_whom": sentences(), "since": day_input()}
