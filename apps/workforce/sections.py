"""What sites hand in on their people: the breakdown and labour standards once a year, safety and training monthly."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.organisation.choices import Frequency
from apps.submissions.choices import Method
from apps.submissions.sections import Block, Grid, OtherWay, Register, Section, sections
from apps.workforce import beside, forms
from apps.workforce.checks import breakdown, safety, standards
from apps.workforce.models import (
    DiseaseCase,
    Injury,
    InjuryFollowUp,
    LabourRecord,
    Remedy,
    RosterUpload,
    SafetyMeasure,
    SiteLabourItem,
    StandardRecord,
    TrainingCourse,
    WorkforceCount,
    WorkforceGroup,
    breakdown_rows,
    standard_rows,
)

BREAKDOWN: Final = "workforce"
SAFETY: Final = "safety_training"
STANDARDS: Final = "labour_standards"
# People are neither metered nor invoiced.
PEOPLE_METHODS: Final = (Method.RECORDED, Method.CALCULATED, Method.ESTIMATED)


def block_of(group: WorkforceGroup) -> Block:
    """The dimension that a group divides the workforce by."""
    return Block(
        code=group.dimension.code,
        title=group.dimension.name,
        counts=group.counts_in_total,
        gives_total=group.dimension.gives_total,
    )


sections.register(
    Section(
        code=SAFETY,
        title=_("Safety and training"),
        frequency=Frequency.MONTH,
        hkex=("B2", "B3"),
        is_personal=True,
        tables=(
            Grid(
                code="labour",
                model=LabourRecord,
                site_row=SiteLabourItem,
                methods=PEOPLE_METHODS,
                title=_("Hours, people and protection"),
                help=_("From time sheets, the personnel file and the store. Rates are divided by hours and heads."),
            ),
            Register(
                code="injury",
                as_cards=True,
                model=Injury,
                form=forms.InjuryForm,
                title=_("Work injuries"),
                help=_("Accidents of the month, with the days lost in this month alone. Case numbers, no names."),
                answer_required=True,
            ),
            Register(
                code="injury_follow_up",
                as_cards=True,
                model=InjuryFollowUp,
                form=forms.FollowUpForm,
                title=_("Follow-up of earlier injuries"),
                help=_("For everybody still absent from an earlier month: the days lost in this month, or the return."),
                annotate=lambda follow_ups: follow_ups.select_related("case"),
            ),
            Register(
                code="disease",
                as_cards=True,
                model=DiseaseCase,
                form=forms.DiseaseForm,
                title=_("Occupational disease"),
                help=_("Cases diagnosed in the month. Case numbers, no names."),
                answer_required=True,
            ),
            Register(
                code="course",
                as_cards=True,
                model=TrainingCourse,
                form=forms.CourseForm,
                title=_("Training courses"),
                help=_("Courses that began in the month. Participants by gender and, the same people, by category."),
                answer_required=True,
                file_fields={
                    "quantity": "hours",
                    "date": "held_on",
                    "reference": "trainer",
                    "women": "women",
                    "men": "men",
                    "senior": "senior",
                    "middle": "middle",
                    "general": "general",
                    "note": "note",
                },
                file_unit="h",
            ),
            Register(
                code="safety_measure",
                model=SafetyMeasure,
                form=forms.SafetyMeasureForm,
                title=_("Health and safety measures"),
                help=_("What was done for health and safety, and how it is watched."),
            ),
        ),
        checks=(
            safety.days_by_convention,
            safety.open_cases_are_followed_up,
            safety.days_of_a_case,
            safety.severity_fits_the_days,
            safety.hours_fit_the_people,
            safety.health_checks,
        ),
        load_beside=beside.cases,
    )
)

sections.register(
    Section(
        code=BREAKDOWN,
        title=_("Workforce"),
        frequency=Frequency.YEAR,
        hkex=("B1", "B3"),
        is_personal=True,
        tables=(
            Grid(
                code="headcount",
                model=WorkforceCount,
                everywhere=breakdown_rows,
                across="measure",
                block_of=block_of,
                other_way=OtherWay(title=_("Fill it from a roster"), view="workforce:roster"),
                methods=PEOPLE_METHODS,
                title=_("Workforce breakdown"),
                help=_("Employees of each group. Every dimension divides the same people, so all add up to one total."),
            ),
            Register(
                code="roster",
                model=RosterUpload,
                form=forms.RosterForm,
                title=_("Filled from a roster"),
                by_hand=False,
            ),
        ),
        checks=(
            breakdown.dimensions_agree,
            breakdown.people_come_and_go,
            breakdown.trained_people,
            breakdown.turnover_over_everybody,
            breakdown.hours_of_the_courses,
        ),
        load_beside=beside.courses,
    )
)

sections.register(
    Section(
        code=STANDARDS,
        title=_("Labour standards"),
        frequency=Frequency.YEAR,
        hkex=("B4",),
        is_personal=True,
        tables=(
            Grid(
                code="standard",
                model=StandardRecord,
                everywhere=standard_rows,
                methods=PEOPLE_METHODS,
                title=_("Labour standards"),
                help=_("Zero findings are a statement: write 0, leave nothing blank."),
            ),
            Register(
                code="remedy",
                model=Remedy,
                form=forms.RemedyForm,
                title=_("Findings and remedies"),
                help=_("Each finding of child or forced labour, and the steps taken to end it."),
                answer_required=True,
            ),
        ),
        checks=(standards.identity_checks, standards.ages_at_hire, standards.findings_have_remedies),
        load_beside=beside.breakdowns,
    )
)
