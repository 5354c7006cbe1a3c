"""What was given to the community: money, goods at cost and time, and for what (HKEX B8.1, B8.2).

Amounts are those in RMB, converted once when they were entered.
"""

from decimal import Decimal
from typing import Any, Final

from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.community.models import Contribution, FocusArea
from apps.community.sections import COMMUNITY
from apps.core.formats import typed
from apps.indicators.declarations import DistinctCount, Family, Flow, Kpi, RowCount, Text, declared

_MONEY: Final = Q(money_rmb__isnull=False)
_GOODS: Final = Q(goods_rmb__isnull=False)
_HOURS: Final = Q(volunteer_hours__isnull=False)
_GIVEN: Final = Coalesce(F("money_rmb"), Value(Decimal(0))) + Coalesce(F("goods_rmb"), Value(Decimal(0)))


def _sample() -> FocusArea:
    return FocusArea(pk=0, code="sample", name_en="Sample")


def _told(contribution: Any) -> str:
    """What a contribution holds, in the order of the form."""
    parts = []
    for amount, rmb in (
        (contribution.money, contribution.money_rmb),
        (contribution.goods_at_cost, contribution.goods_rmb),
    ):
        if amount is not None:
            original = "" if contribution.rate_id is None else f" ({contribution.currency} {typed(amount)})"
            parts.append(gettext("RMB %(amount)s%(original)s") % {"amount": typed(rmb), "original": original})
    if contribution.volunteer_hours is not None:
        parts.append(
            gettext("%(hours)s hours of %(people)d volunteers")
            % {"hours": typed(contribution.volunteer_hours), "people": contribution.volunteer_people}
        )
    return f"{contribution.what}: {', '.join(parts)}"


def _count(area: FocusArea, code: str) -> tuple[Kpi, ...]:
    return (
        RowCount(
            code=code,
            title=gettext("Contributions: %(area)s") % {"area": area.name},
            unit="contributions",
            unit_name=pgettext_lazy("unit", "contributions"),
            decimals=0,
            section=COMMUNITY,
            hkex=("B8.1",),
            source=Contribution,
            where=Q(focus_area=area.pk),
            describe=_told,
        ),
    )


def _flow(code: str, title: Text, unit: str, decimals: int, where: Q, amount: str | Combinable, **more: Any) -> Flow:
    return Flow(
        code=code,
        title=title,
        unit=unit,
        decimals=decimals,
        section=COMMUNITY,
        hkex=("B8.2",),
        source=Contribution,
        where=where,
        amount=amount,
        describe=_told,
        **{"zero_when_empty": True, **more},
    )


def _given(area: FocusArea, code: str) -> tuple[Kpi, ...]:
    title = gettext("Money and goods given: %(area)s") % {"area": area.name}
    return (_flow(code, title, "CNY", 2, (_MONEY | _GOODS) & Q(focus_area=area.pk), _GIVEN),)


def _hours(area: FocusArea, code: str) -> tuple[Kpi, ...]:
    title = gettext("Volunteer hours: %(area)s") % {"area": area.name}
    return (_flow(code, title, "h", 1, _HOURS & Q(focus_area=area.pk), "volunteer_hours"),)


declared.register(
    RowCount(
        code="CI-CONTRIB",
        title=_("Contributions to the community"),
        unit="contributions",
        unit_name=pgettext_lazy("unit", "contributions"),
        decimals=0,
        section=COMMUNITY,
        hkex=("B8.1",),
        source=Contribution,
        describe=_told,
        meaning="How many contributions the months hold, each of money, goods, time or several of them.",
        worked_example="Three at Hami and two at Baishan: 5.",
    )
)
BY_AREA = declared.register(
    Family(
        code="CI-AREA-*",
        title=_("Contributions by focus area"),
        rows=FocusArea.objects.all,
        declare=_count,
        sample=_sample,
        hkex="B8.1",
        meaning="How many contributions were made for each focus area. Each has one.",
        worked_example="Education one at Hami and one at Baishan: 2. Disadvantaged groups two at Hami: 2.",
    )
)
declared.register(
    DistinctCount(
        code="CI-AREAS",
        title=_("Focus areas contributed to"),
        unit="areas",
        unit_name=pgettext_lazy("unit", "focus areas"),
        decimals=0,
        section=COMMUNITY,
        hkex=("B8.1",),
        source=Contribution,
        of="focus_area",
        describe=_told,
        meaning="How many different focus areas there was a contribution for; one of both sites is one of the group.",
        worked_example="Hami: education and disadvantaged groups. Baishan: education and culture. Group: 3.",
    )
)
for _code, _title, _unit, _decimals, _where, _amount, _amount_meaning, _meaning, _example in (
    (
        "CI-MONEY",
        _("Money given"),
        "CNY",
        2,
        _MONEY,
        "money_rmb",
        "the money in RMB",
        (
            "Donations in money, in RMB. One in another currency was converted when it was entered, with the rate that "
            "its record names, and rounded half up to 0.01 then."
        ),
        "Hami RMB 20,000; Baishan HKD 10,000.55 at 0.9: 9,000.495, kept as 9,000.50. Together 29,000.50.",
    ),
    (
        "CI-GOODS",
        _("Goods given, at cost"),
        "CNY",
        2,
        _GOODS,
        "goods_rmb",
        "the goods in RMB",
        "What was given in kind, at what it cost the site, in RMB.",
        "Hami RMB 5,000.25 and 1,200; Baishan none: 6,200.25.",
    ),
    (
        "CI-GIVEN",
        _("Money and goods given"),
        "CNY",
        2,
        _MONEY | _GOODS,
        _GIVEN,
        "money and goods in RMB",
        "Donations in money and in kind together, in RMB. Volunteer hours are no part of it.",
        "29,000.50 + 6,200.25 = 35,200.75.",
    ),
):
    declared.register(
        _flow(
            _code,
            _title,
            _unit,
            _decimals,
            _where,
            _amount,
            amount_meaning=_amount_meaning,
            meaning=_meaning,
            worked_example=_example,
        )
    )
GIVEN_BY_AREA = declared.register(
    Family(
        code="CI-GIVEN-*",
        title=_("Money and goods given by focus area"),
        rows=FocusArea.objects.all,
        declare=_given,
        sample=_sample,
        hkex="B8.2",
        meaning="Money and goods at cost for each focus area, in RMB.",
        worked_example=(
            "Education: goods of 5,000.25 at Hami and 9,000.50 of money at Baishan, 14,000.75. Disadvantaged groups: "
            "20,000 + 1,200 = 21,200.00."
        ),
    )
)
for _code, _title, _unit, _unit_name, _decimals, _where, _amount, _amount_meaning, _meaning, _example in (
    (
        "CI-HOURS",
        _("Volunteer hours"),
        "h",
        "",
        1,
        _HOURS,
        "volunteer_hours",
        "the hours of all volunteers",
        "Hours of volunteer work, those of all people of a contribution together.",
        "40.5 hours at Hami and 30 at Baishan: 70.5.",
    ),
    (
        "CI-TURNS",
        _("Volunteer turns"),
        "turns",
        pgettext_lazy("unit", "turns"),
        0,
        Q(volunteer_people__isnull=False),
        "volunteer_people",
        "the number of volunteers",
        (
            "Volunteers of all contributions added up. Somebody who helps twice counts twice: it is no number of "
            "different people."
        ),
        "8 at Hami and 12 at Baishan: 20.",
    ),
):
    declared.register(
        _flow(
            _code,
            _title,
            _unit,
            _decimals,
            _where,
            _amount,
            unit_name=_unit_name,
            amount_meaning=_amount_meaning,
            meaning=_meaning,
            worked_example=_example,
        )
    )
declared.register(
    _flow(
        "CI-REACHED",
        _("People reached, where known"),
        "person",
        0,
        Q(beneficiaries__isnull=False),
        "beneficiaries",
        # Blank says "not known": only a zero that somebody stated is one.
        zero_when_empty=False,
        amount_meaning="the number of people reached",
        meaning=(
            "People reached by the contributions that say how many. Others add nothing, so it may have been more; "
            "somebody who is reached twice counts twice."
        ),
        worked_example="60 at Hami and 150 at Baishan, and three contributions that do not know: 210.",
    )
)
HOURS_BY_AREA = declared.register(
    Family(
        code="CI-HOURS-*",
        title=_("Volunteer hours by focus area"),
        rows=FocusArea.objects.all,
        declare=_hours,
        sample=_sample,
        hkex="B8.2",
        meaning="Hours of volunteer work for each focus area.",
        worked_example="Disadvantaged groups 40.5 at Hami, culture 30 at Baishan.",
    )
)
