"""Injuries, lost days, occupational disease, hours, protection and training courses (HKEX B2, B3)."""

from fractions import Fraction
from typing import Any, Final

from django.db.models import DecimalField, ExpressionWrapper, F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.formats import typed
from apps.indicators.declarations import (
    Family,
    Flow,
    Kpi,
    RowCount,
    Text,
    Total,
    YearMean,
    declared,
)
from apps.workforce.kpis.rates import EMPLOYEES, rate
from apps.workforce.models import (
    DiseaseCase,
    Injury,
    InjuryFollowUp,
    InjurySeverity,
    LabourItem,
    LabourKind,
    LabourRecord,
    SiteLabourItem,
    TrainingCourse,
)
from apps.workforce.sections import SAFETY

_FATAL: Final = Q(severity=InjurySeverity.FATAL)


def _in_days(entry: Any) -> str:
    return gettext("%(case)s: %(days)d days, %(severity)s") % {
        "case": entry,
        "days": entry.days_lost,
        "severity": entry.get_severity_display(),
    }


def _injuries(
    code: str,
    title: Text,
    where: Q,
    source: Any,
    hkex: tuple[str, ...],
    meaning: str,
    example: str,
    *,
    is_part: bool = False,
) -> None:
    declared.register(
        RowCount(
            code=code,
            title=title,
            unit="case",
            decimals=0,
            section=SAFETY,
            hkex=hkex,
            source=source,
            where=where,
            describe=_in_days,
            is_part=is_part,
            meaning=meaning,
            worked_example=example,
        )
    )


_injuries(
    "WF-INJ",
    _("Work injuries"),
    Q(),
    Injury,
    (),
    "Accidents of the year that count as work injuries, on the way to and from work included.",
    "Two accidents in March, one of them on the way home, and one in October: 3.",
)
_injuries(
    "WF-INJ-COMMUTING",
    _("of these on the way to or from work"),
    Q(is_commuting=True),
    Injury,
    (),
    "Work injuries on the way to or from work.",
    "One of three: 1.",
)
_injuries(
    "WF-FATAL-NEW",
    _("Fatal in the month of the accident"),
    _FATAL,
    Injury,
    (),
    "Injuries that were fatal in the month in which they happened.",
    "One in June: 1.",
    is_part=True,
)
_injuries(
    "WF-FATAL-LATER",
    _("Fatal in a later month"),
    _FATAL,
    InjuryFollowUp,
    (),
    "Follow-ups that say somebody died of an injury of an earlier month. It counts in the year of the death.",
    "Injured in December, died in January: 1 in the new year.",
    is_part=True,
)
declared.register(
    Total(
        code="WF-FATAL",
        title=_("Work-related fatalities"),
        unit="person",
        decimals=0,
        section=SAFETY,
        hkex=("B2.1",),
        parts=("WF-FATAL-NEW", "WF-FATAL-LATER"),
        meaning="Everybody who died in the year of a work injury.",
        worked_example="1 in the month of the accident and 0 later: 1.",
    )
)
for _code, _title_of_days, _source, _meaning, _example in (
    (
        "WF-LOST-NEW",
        _("Lost days in the month of the accident"),
        Injury,
        "Days lost in the month in which the injury happened.",
        "Hurt on 20 March and absent to the end of the month, calendar days: 11.",
    ),
    (
        "WF-LOST-LATER",
        _("Lost days in later months"),
        InjuryFollowUp,
        "Days lost in the months after that of the accident.",
        "Absent all April and back on 5 May, calendar days: 30 + 4 = 34.",
    ),
):
    declared.register(
        Flow(
            code=_code,
            title=_title_of_days,
            unit="days",
            unit_name=_("days"),
            decimals=0,
            section=SAFETY,
            source=_source,
            amount="days_lost",
            amount_meaning="the days lost in the month",
            zero_when_empty=True,
            is_part=True,
            describe=_in_days,
            meaning=_meaning,
            worked_example=_example,
        )
    )
declared.register(
    Total(
        code="WF-LOST",
        title=_("Lost days due to work injury"),
        unit="days",
        unit_name=_("days"),
        decimals=0,
        section=SAFETY,
        hkex=("B2.2",),
        parts=("WF-LOST-NEW", "WF-LOST-LATER"),
        meaning=(
            "Days lost in the year, whenever the accident was: an open case counts to the last day of the year, and "
            "the rest in the next one. The 6,000 days that GB 6441 sets for a death are no lost days here."
        ),
        worked_example="11 days in March and 34 in April and May: 45.",
    )
)


def _labour_sum(
    code: str, title: Text, kind: LabourKind, unit: str, unit_name: Text, meaning: str, example: str
) -> None:
    declared.register(
        Flow(
            code=code,
            title=title,
            unit=unit,
            unit_name=unit_name,
            decimals=0,
            section=SAFETY,
            source=LabourRecord,
            where=Q(item__kind=kind),
            meaning=meaning,
            worked_example=example,
        )
    )


_labour_sum(
    "WF-WORKED",
    _("Hours worked"),
    LabourKind.HOURS_WORKED,
    "h",
    "",
    "Hours worked by all employees, from the months.",
    "Twelve months of 68,000 h: 816,000 h.",
)
_labour_sum(
    "WF-HEADMONTHS",
    _("Average headcounts of the months, added up"),
    LabourKind.HEADCOUNT,
    "person-months",
    _("person-months"),
    "The average headcounts of the months, added up: what the mean of the year is made of.",
    "Twelve months of 400: 4,800.",
)
declared.register(
    YearMean(
        code="WF-HEADS",
        title=_("Average headcount of the months"),
        unit="person",
        decimals=1,
        section=SAFETY,
        monthly="WF-HEADMONTHS",
        meaning="The mean of the months' average headcounts; for the group the sum of the sites' means.",
        worked_example="Hami 4,800 / 12 = 400 and Baishan 3,000 / 12 = 250: the group 7,800 / 12 = 650.",
    )
)
rate(
    "WF-FATAL-R",
    _("Fatality rate"),
    "WF-FATAL",
    EMPLOYEES,
    "B2.1",
    "Fatalities by employees at year end.",
    "1 death and 800 employees: 1 × 100 / 800 = 0.125 %.",
    decimals=3,
    section=SAFETY,
)
rate(
    "WF-FATAL-K",
    _("Fatalities per 1,000 workers"),
    "WF-FATAL",
    "WF-HEADS",
    "B2.1",
    "Fatalities by the average headcount of the months, as Chinese statistics print it.",
    "1 death and 800 workers on average: 1 × 1,000 / 800 = 1.25.",
    unit="‰",
    decimals=2,
    factor=Fraction(1000),
    section=SAFETY,
)
_MILLION: Final = Fraction(1_000_000)
rate(
    "WF-INJ-F",
    _("Injury frequency rate"),
    "WF-INJ",
    "WF-WORKED",
    "B2.2",
    "Work injuries per million hours worked.",
    "3 injuries in 816,000 h: 3 × 1,000,000 / 816,000 = 3.676…, printed 3.68.",
    unit="case/1,000,000 h",
    unit_name=_("cases per million hours"),
    decimals=2,
    factor=_MILLION,
    section=SAFETY,
)
rate(
    "WF-INJ-S",
    _("Injury severity rate"),
    "WF-LOST",
    "WF-WORKED",
    "B2.2",
    "Lost days per million hours worked.",
    "45 days in 816,000 h: 45 × 1,000,000 / 816,000 = 55.147…, printed 55.15.",
    unit="days/1,000,000 h",
    unit_name=_("days per million hours"),
    decimals=2,
    factor=_MILLION,
    section=SAFETY,
)
declared.register(
    RowCount(
        code="WF-DISEASE",
        title=_("Cases of occupational disease"),
        unit="case",
        decimals=0,
        section=SAFETY,
        source=DiseaseCase,
        describe=str,
        meaning="Cases of occupational disease diagnosed in the year.",
        worked_example="One case of noise-induced deafness in May: 1.",
    )
)


def _monthly_item(item: LabourItem, code: str) -> tuple[Kpi, ...]:
    return (
        Flow(
            code=code,
            title=item.name,
            unit=item.unit_code,
            decimals=item.decimals,
            section=SAFETY,
            hkex=("B2.3",),
            source=LabourRecord,
            where=Q(item=item.pk),
        ),
    )


LABOUR_ITEMS = declared.register(
    Family(
        code="WF-ITEM-*",
        title=_("Monthly items of the workforce"),
        rows=LabourItem.objects.exclude(kind=LabourKind.HEADCOUNT).all,
        declare=_monthly_item,
        sample=lambda: LabourItem(pk=0, code="sample", name_en="Sample", unit_code="h"),
        site_row=SiteLabourItem,
        row_field="item",
        hkex="B2.3",
        meaning="What the months of the year add up to: hours worked, health checks, protective supplies.",
        worked_example="120 health checks done in May and 30 in October: 150.",
    )
)


def _participants(course: Any) -> str:
    return gettext("%(count)d participants, %(hours)s h each") % {
        "count": course.participants,
        "hours": typed(course.hours),
    }


declared.register(
    RowCount(
        code="WF-COURSES",
        title=_("Training courses"),
        unit="courses",
        unit_name=_("courses"),
        decimals=0,
        section=SAFETY,
        source=TrainingCourse,
        describe=_participants,
        meaning="Courses that began in the year.",
        worked_example="Two in March and one in May: 3.",
    )
)
declared.register(
    Flow(
        code="WF-COURSE-HOURS",
        title=_("Training hours of the courses"),
        unit="h",
        decimals=1,
        section=SAFETY,
        source=TrainingCourse,
        amount=ExpressionWrapper(
            F("hours") * (F("women") + F("men")), output_field=DecimalField(max_digits=20, decimal_places=2)
        ),
        amount_meaning="hours of the course × participants",
        zero_when_empty=True,
        describe=_participants,
        meaning="Hours of each course × its participants.",
        worked_example="40 people for 2 h and 25 for 1.5 h: 80 + 37.5 = 117.5 h.",
    )
)
