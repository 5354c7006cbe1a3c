"""What sites hand in on the community: contributions monthly, local hiring once a year."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.community import beside, checks, forms
from apps.community.models import Contribution, HiringArrangement, LocalHiringRecord, hiring_rows
from apps.organisation.choices import Frequency
from apps.submissions.choices import Method
from apps.submissions.sections import Grid, Register, Section, sections

COMMUNITY: Final = "community"
LOCAL_HIRING: Final = "local_hiring"

sections.register(
    Section(
        code=COMMUNITY,
        title=_("Community"),
        frequency=Frequency.MONTH,
        hkex=("B8",),
        tables=(
            Register(
                code="contribution",
                as_cards=True,
                model=Contribution,
                form=forms.ContributionForm,
                title=_("Contributions to the community"),
                help=_(
                    "Money, goods at cost or volunteer work, each on its day. Amounts in full, not in 10,000. Name "
                    "groups and organisations, never the people who were helped."
                ),
                answer_required=True,
                # No import: files bring one quantity for each entry, and most contributions are of hours or of several.
                annotate=lambda contributions: contributions.select_related("rate"),
                review_columns={"money_rmb": _("money in RMB"), "goods_rmb": _("goods in RMB")},
            ),
        ),
        checks=(
            checks.entered_once,
            checks.hours_of_people,
            checks.unusual_amount,
            checks.has_evidence,
            checks.converted,
        ),
        load_beside=beside.other_months,
    )
)

sections.register(
    Section(
        code=LOCAL_HIRING,
        title=_("Local hiring"),
        frequency=Frequency.YEAR,
        hkex=("B8",),
        tables=(
            Grid(
                code="local_hiring",
                model=LocalHiringRecord,
                everywhere=hiring_rows,
                methods=(Method.RECORDED, Method.CALCULATED, Method.ESTIMATED),
                title=_("Local hiring and farm leave"),
                help=_("Of the year, in whole numbers. Zero is a statement: write 0, leave nothing blank."),
            ),
            Register(
                code="hiring_arrangement",
                as_cards=True,
                model=HiringArrangement,
                form=forms.HiringArrangementForm,
                title=_("Arrangements for local people"),
                help=_("What is arranged for local applicants and employees, such as leave for the harvest."),
            ),
        ),
        checks=(checks.parts_fit, checks.farm_leave_fits),
    )
)
