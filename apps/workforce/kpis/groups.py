"""Employees, leavers and training by the groups of the workforce (HKEX B1.1, B1.2, B3.1, B3.2)."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.indicators.declarations import (
    Chosen,
    Family,
    Flow,
    Kpi,
    Ratio,
    Text,
    Total,
    declared,
)
from apps.organisation.models import ReportingYear
from apps.workforce.kpis.rates import EMPLOYEES, HALF, PERCENT
from apps.workforce.models import (
    Dimension,
    MeasureKind,
    Turnover,
    WorkforceCount,
    WorkforceGroup,
    YearConvention,
)
from apps.workforce.sections import BREAKDOWN


def of_measure(kind: MeasureKind) -> Q:
    return Q(measure__kind=kind.value)


def turnover_of(year: ReportingYear) -> str:
    """The convention chosen for the year."""
    return YearConvention.of(year).turnover


def _size_code(group: WorkforceGroup, code: str, head: str) -> str:
    """The figure of another head for the same group."""
    return head + code.split("-", 2)[2]


def _adding_up(group: WorkforceGroup, total: str) -> dict[str, str]:
    """To which total a figure adds up together with those of its dimension; nothing for who is listed apart."""
    return {"among": f"{total} {group.dimension_id}", "whole": total} if group.counts_in_total else {}


def _title(measure: Text, group: WorkforceGroup) -> str:
    return gettext("%(measure)s: %(group)s") % {"measure": measure, "group": group.name}


def _count(code: str, kind: MeasureKind, group: WorkforceGroup, hkex: tuple[str, ...], **fields: Any) -> Flow:
    is_hours = kind == MeasureKind.TRAINING_HOURS
    return Flow(
        **{
            "code": code,
            "title": _title(kind.label, group),
            "unit": "h" if is_hours else "person",
            "decimals": 1 if is_hours else 0,
            "section": BREAKDOWN,
            "hkex": hkex,
            "source": WorkforceCount,
            "where": of_measure(kind) & Q(group=group.pk),
            # Of a group that was small at either end the leavers alone would tell.
            "people": (_size_code(group, code, "WF-END-"), _size_code(group, code, "WF-START-")),
            **fields,
        }
    )


def _at_year_end(group: WorkforceGroup, code: str) -> tuple[Kpi, ...]:
    own = {"people": (code,), "counts_people": True, **_adding_up(group, EMPLOYEES)}
    total = _count(code, MeasureKind.YEAR_END, group, ("B1.1",), **own)
    return (
        total,
        Ratio(
            code=f"{code}-D",
            title=_title(_("Share of all employees"), group),
            unit="%",
            decimals=1,
            section=BREAKDOWN,
            hkex=("B1.1",),
            numerator=code,
            denominator=EMPLOYEES,
            factor=PERCENT,
        ),
    )


def _at_year_start(group: WorkforceGroup, code: str) -> tuple[Kpi, ...]:
    own = {"people": (code,), "counts_people": True, **_adding_up(group, "WF-START")}
    return (_count(code, MeasureKind.YEAR_START, group, (), carried_from=_size_code(group, code, "WF-END-"), **own),)


def _average(group: WorkforceGroup, code: str) -> tuple[Kpi, ...]:
    return (
        Total(
            code=code,
            title=_title(_("Average employees"), group),
            unit="person",
            decimals=1,
            section=BREAKDOWN,
            parts=(_size_code(group, code, "WF-START-"), _size_code(group, code, "WF-END-")),
            factor=HALF,
        ),
    )


def _leavers(group: WorkforceGroup, code: str) -> tuple[Kpi, ...]:
    return (
        _count(code, MeasureKind.LEAVERS, group, ("B1.2",)),
        Chosen(
            code=f"{code}-D",
            title=_title(_("Turnover rate"), group),
            unit="%",
            decimals=1,
            section=BREAKDOWN,
            hkex=("B1.2",),
            options={convention.value: _size_code(group, code, head) for convention, head in _TURNOVER_HEADS.items()},
            choose=turnover_of,
        ),
    )


_TURNOVER_HEADS: Final = {
    Turnover.YEAR_END: "WF-TURN_E-",
    Turnover.AVERAGE: "WF-TURN_A-",
    Turnover.TOTAL: "WF-TURN_T-",
}
_TURNOVER_TITLES: Final[dict[Turnover, Text]] = {
    Turnover.YEAR_END: _("Turnover rate on employees at year end"),
    Turnover.AVERAGE: _("Turnover rate on average employees"),
    Turnover.TOTAL: _("Turnover rate on all employees"),
}


def _turnover(convention: Turnover) -> Callable[[WorkforceGroup, str], tuple[Kpi, ...]]:
    def declare(group: WorkforceGroup, code: str) -> tuple[Kpi, ...]:
        divided_by = {
            Turnover.YEAR_END: _size_code(group, code, "WF-END-"),
            Turnover.AVERAGE: _size_code(group, code, "WF-AVG-"),
            Turnover.TOTAL: EMPLOYEES,
        }
        return (
            Ratio(
                code=code,
                title=_title(_TURNOVER_TITLES[convention], group),
                unit="%",
                decimals=1,
                section=BREAKDOWN,
                hkex=("B1.2",),
                numerator=_size_code(group, code, "WF-LEFT-"),
                denominator=divided_by[convention],
                factor=PERCENT,
            ),
        )

    return declare


def _trained(group: WorkforceGroup, code: str) -> tuple[Kpi, ...]:
    return (
        _count(code, MeasureKind.TRAINED, group, ("B3.1",)),
        Ratio(
            code=f"{code}-D",
            title=_title(_("Percentage of employees trained"), group),
            unit="%",
            decimals=1,
            section=BREAKDOWN,
            hkex=("B3.1",),
            numerator=code,
            denominator=_size_code(group, code, "WF-END-"),
            factor=PERCENT,
        ),
    )


def _share_of_trained(group: WorkforceGroup, code: str) -> tuple[Kpi, ...]:
    return (
        Ratio(
            code=code,
            title=_title(_("Share of all employees trained"), group),
            unit="%",
            decimals=1,
            section=BREAKDOWN,
            hkex=("B3.1",),
            numerator=_size_code(group, code, "WF-TRAINED-"),
            denominator="WF-TRAINED",
            factor=PERCENT,
        ),
    )


def _hours(group: WorkforceGroup, code: str) -> tuple[Kpi, ...]:
    return (
        _count(code, MeasureKind.TRAINING_HOURS, group, ("B3.2",)),
        Ratio(
            code=f"{code}-D",
            title=_title(_("Average training hours"), group),
            unit="h/person",
            decimals=2,
            section=BREAKDOWN,
            hkex=("B3.2",),
            numerator=code,
            denominator=_size_code(group, code, "WF-END-"),
        ),
    )


def _groups() -> Any:
    return WorkforceGroup.objects.select_related("dimension")


def _sample_group() -> WorkforceGroup:
    dimension = Dimension(pk=0, code="sample", name_en="Sample")
    return WorkforceGroup(pk=0, code="sample", name_en="Sample", dimension=dimension)


def _family(
    code: str,
    title: Text,
    declare: Callable[[WorkforceGroup, str], tuple[Kpi, ...]],
    hkex: str,
    meaning: str,
    worked_example: str,
) -> Family:
    return declared.register(  # type: ignore[return-value]
        Family(
            code=code,
            title=title,
            rows=_groups,
            declare=declare,
            sample=_sample_group,
            hkex=hkex,
            meaning=meaning,
            worked_example=worked_example,
        )
    )


AT_YEAR_END = _family(
    "WF-END-*",
    _("Employees at year end by group"),
    _at_year_end,
    "B1.1",
    "Employees of each group on the last day of the year, and their share of all employees. Dispatched workers and "
    "interns are listed apart: their share is told against the employees and is no part of them.",
    "80 women and 120 men at year end: women 80 × 100 / 200 = 40.0 %.",
)
_family(
    "WF-START-*",
    _("Employees at year start by group"),
    _at_year_start,
    "none",
    "Employees of each group on the day before the year began.",
    "90 women on 31 December of the year before.",
)
_family(
    "WF-AVG-*",
    _("Average employees by group"),
    _average,
    "none",
    "Half of the employees at year start and at year end together.",
    "90 women at year start and 80 at year end: (90 + 80) / 2 = 85.",
)
LEAVERS = _family(
    "WF-LEFT-*",
    _("Leavers by group"),
    _leavers,
    "B1.2",
    "Employees who left in the year: resigned, dismissed, retired or dead. A transfer to another plant of the group "
    "and a leave for the harvest are no leaving. The rate follows the convention of the year.",
    "24 women left, 80 at year end, 90 at year start, 200 employees at year end: on year end 24 × 100 / 80 = 30.0 %; "
    "on the average 24 × 100 / 85 = 28.235…, printed 28.2 %; on all employees 24 × 100 / 200 = 12.0 %.",
)
_family(
    "WF-TURN_E-*",
    _("Turnover rate on employees at year end"),
    _turnover(Turnover.YEAR_END),
    "B1.2",
    "Leavers of a group by its employees at year end. Above 100 % where more left than remain.",
    "24 women left and 80 are there at year end: 24 × 100 / 80 = 30.0 %.",
)
_family(
    "WF-TURN_A-*",
    _("Turnover rate on average employees"),
    _turnover(Turnover.AVERAGE),
    "B1.2",
    "Leavers of a group by its average employees.",
    "24 women left, 90 at year start and 80 at year end: 24 × 100 / 85 = 28.235…, printed 28.2 %.",
)
_family(
    "WF-TURN_T-*",
    _("Turnover rate on all employees"),
    _turnover(Turnover.TOTAL),
    "B1.2",
    "Leavers of a group by all employees at year end, so that the groups of a dimension add up to the total rate.",
    "24 women and 16 men left, 200 employees at year end: 12.0 % and 8.0 %, together 20.0 %.",
)
TRAINED = _family(
    "WF-TRAINED-*",
    _("Employees trained by group"),
    _trained,
    "B3.1",
    "Employees of a group who were trained at least once in the year, and their percentage of the group. Persons "
    "count, not attendances.",
    "240 of 300 men and 60 of 100 women trained: 80.0 % and 60.0 %.",
)
SHARE_OF_TRAINED = _family(
    "WF-TRAINED_S-*",
    _("Share of all employees trained"),
    _share_of_trained,
    "B3.1",
    "The other convention for the percentage trained: the share of a group in all who were trained, which adds up to "
    "100 %.",
    "240 men and 60 women trained: 240 × 100 / 300 = 80.0 % and 60 × 100 / 300 = 20.0 %.",
)
HOURS = _family(
    "WF-HOURS-*",
    _("Training hours by group"),
    _hours,
    "B3.2",
    "Hours of training of a group, those of people who have left included, and their average over all its employees at "
    "year end, trained or not.",
    "2,700 h of 300 men and 1,000 h of 100 women: 9.00 and 10.00 hours.",
)
