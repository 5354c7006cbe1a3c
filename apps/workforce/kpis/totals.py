"""Employees, leavers and training over all groups, and the local staff (HKEX B1, B3)."""

from fractions import Fraction
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.indicators.declarations import (
    Chosen,
    Flow,
    Total,
    declared,
)
from apps.workforce.kpis.groups import AT_YEAR_END, of_measure, turnover_of
from apps.workforce.kpis.rates import EMPLOYEES, HALF, rate
from apps.workforce.models import (
    MeasureKind,
    Turnover,
    WorkforceCount,
)
from apps.workforce.sections import BREAKDOWN


def _of_total(kind: MeasureKind) -> Q:
    return of_measure(kind) & Q(group__dimension__gives_total=True, group__counts_in_total=True)


_SIZES: Final = (EMPLOYEES, "WF-START")

for _code, _kind, _hkex, _meaning, _example in (
    (
        EMPLOYEES,
        MeasureKind.YEAR_END,
        ("B1.1",),
        "All employees on the last day of the year: the sum of the dimension that gives the total.",
        "80 women and 120 men: 200.",
    ),
    ("WF-START", MeasureKind.YEAR_START, (), "All employees on the day before the year began.", "90 + 130 = 220."),
    ("WF-HIRED", MeasureKind.HIRED, (), "Employees hired in the year.", "8 women and 12 men: 20."),
    ("WF-LEFT", MeasureKind.LEAVERS, ("B1.2",), "Employees who left in the year.", "24 women and 16 men: 40."),
    ("WF-TRAINED", MeasureKind.TRAINED, ("B3.1",), "Employees trained at least once.", "240 men and 60 women: 300."),
    (
        "WF-HOURS",
        MeasureKind.TRAINING_HOURS,
        ("B3.2",),
        "Training hours of all employees.",
        "2,700 h of men and 1,000 h of women: 3,700 h.",
    ),
):
    declared.register(
        Flow(
            code=_code,
            title=_kind.label,
            unit="h" if _kind == MeasureKind.TRAINING_HOURS else "person",
            decimals=1 if _kind == MeasureKind.TRAINING_HOURS else 0,
            section=BREAKDOWN,
            hkex=_hkex,
            source=WorkforceCount,
            where=_of_total(_kind),
            # How many work at a place is no secret; what befell them is, where they are few.
            counts_people=_code in _SIZES,
            people=() if _code in _SIZES else _SIZES,
            meaning=_meaning,
            worked_example=_example,
        )
    )


declared.register(
    Total(
        code="WF-AVG",
        title=_("Average employees"),
        unit="person",
        decimals=1,
        section=BREAKDOWN,
        parts=("WF-START", EMPLOYEES),
        factor=HALF,
        meaning="Half of all employees at year start and at year end together.",
        worked_example="(220 + 200) / 2 = 210.",
    )
)
rate(
    "WF-TURN_E",
    _("Turnover rate on employees at year end"),
    "WF-LEFT",
    EMPLOYEES,
    "B1.2",
    "All leavers by all employees at year end.",
    "40 × 100 / 200 = 20.0 %.",
)
rate(
    "WF-TURN_A",
    _("Turnover rate on average employees"),
    "WF-LEFT",
    "WF-AVG",
    "B1.2",
    "All leavers by the average of all employees.",
    "40 × 100 / 210 = 19.047…, printed 19.0 %.",
)
declared.register(
    Chosen(
        code="WF-TURN",
        title=_("Turnover rate"),
        unit="%",
        decimals=1,
        section=BREAKDOWN,
        hkex=("B1.2",),
        options={Turnover.YEAR_END: "WF-TURN_E", Turnover.AVERAGE: "WF-TURN_A", Turnover.TOTAL: "WF-TURN_E"},
        choose=turnover_of,
        meaning="All leavers, by the convention of the year. On all employees is the same as on year end here.",
        worked_example="With the average chosen: 40 × 100 / 210 = 19.047…, printed 19.0 %.",
    )
)
rate(
    "WF-TRAINED_P",
    _("Percentage of employees trained"),
    "WF-TRAINED",
    EMPLOYEES,
    "B3.1",
    "Employees trained at least once, of all employees at year end.",
    "300 × 100 / 400 = 75.0 %.",
)
rate(
    "WF-HOURS_AVG",
    _("Average training hours"),
    "WF-HOURS",
    EMPLOYEES,
    "B3.2",
    "All training hours over all employees of the group; no mean of the groups' averages.",
    "3,700 h / 400 employees = 9.25 h, where men have 9 and women 10.",
    unit="h/person",
    decimals=2,
    factor=Fraction(1),
)
declared.register(
    Flow(
        code="WF-LOCAL",
        title=_("Local employees"),
        unit="person",
        decimals=0,
        section=BREAKDOWN,
        hkex=("B1.1",),
        source=WorkforceCount,
        where=of_measure(MeasureKind.YEAR_END) & Q(group__is_local=True, group__counts_in_total=True),
        # Printed beside the groups of origin, it would give away what is withheld there.
        people_among=(AT_YEAR_END.code, lambda group: bool(group.is_local)),
        meaning="Employees at year end whose origin is the region of their plant.",
        worked_example="At Hami 208 employees come from Xinjiang.",
    )
)
rate(
    "WF-LOCAL-SHARE",
    _("Share of local staff"),
    "WF-LOCAL",
    EMPLOYEES,
    "B1.1",
    "Local employees of all employees at year end: at Hami the share of Xinjiang staff.",
    "208 of 400 employees of the Hami plant come from Xinjiang: 208 × 100 / 400 = 52.0 %.",
)
