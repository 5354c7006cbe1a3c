"""Figures on anti-corruption (HKEX B7): statements signed, cases, conflicts, gifts, channels, training."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.db.models import DecimalField, ExpressionWrapper, F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from apps.anti_corruption.models import (
    Audience,
    Channel,
    IntegrityCount,
    IntegrityTraining,
    Measure,
    Rank,
    SignedYear,
)
from apps.anti_corruption.policies import SECTION
from apps.core.formats import typed
from apps.indicators.declarations import Flow, Ratio, RowCount, Text, declared

_PERCENT: Final = Fraction(100)
_STATEMENTS: Final = pgettext_lazy("unit", "statements")
# Says of how few people a figure tells.
_PEOPLE: Final = "AC-PEOPLE"


def _of(title: StrPromise, words: StrPromise | str) -> Any:
    """A title for one rank or audience, put together in the language of whoever reads it."""
    told: Callable[[], Any] = lazy(lambda: gettext("%(measure)s: %(group)s") % {"measure": title, "group": words}, str)
    return told()


# Statements signed ----------------------------------------------------------------------------------------------------


_WHOLE: Final[DecimalField[Any, Any]] = DecimalField(max_digits=20, decimal_places=0)


def _with_paper(portal: str, paper: str) -> Combinable:
    # Decimals, as the sum of two of the database's integers may be none.
    on_paper = Coalesce(Cast(F(paper), _WHOLE), Value(Decimal(0)), output_field=_WHOLE)
    return ExpressionWrapper(Cast(F(portal), _WHOLE) + on_paper, output_field=_WHOLE)


def _signed(where: Q, end: str, words: StrPromise | str, meaning: str, examples: tuple[str, str, str, str]) -> None:
    """Who had to sign, who did, and the share; withheld where so few had to sign that it tells of single people."""

    def title(text: StrPromise) -> Any:
        return _of(text, words) if words else text

    due, signed, people = f"AC-DUE{end}", f"AC-SIGNED{end}", f"{_PEOPLE}{end}"
    declared.register(
        Flow(
            code=people,
            title=title(_("People who had to sign")),
            unit="person",
            decimals=0,
            section=SECTION,
            source=SignedYear,
            where=where,
            amount=Greatest(F("people"), Coalesce(F("paper_due"), Value(0))),
            amount_meaning="the people asked in the portal, or the statements due on paper where these are more",
            describe=_told_of_rank,
            is_part=True,
            counts_people=True,
            among=f"{_PEOPLE} by rank" if end else "",
            whole=_PEOPLE if end else "",
            meaning=f"How many people {meaning}the figures on statements speak of: somebody who is asked three times "
            "is one. Those who sign on paper may be the same as those in the portal, so that the greater number "
            "counts for each rank.",
            worked_example=examples[3],
        )
    )
    declared.register(
        Flow(
            code=due,
            title=title(_("Assurance statements due")),
            unit="statements",
            unit_name=_STATEMENTS,
            decimals=0,
            section=SECTION,
            source=SignedYear,
            where=where,
            amount=_with_paper("due", "paper_due"),
            amount_meaning="those due in the portal and those on paper",
            # How many hold a rank is no secret. Who of them signed is one where they are few.
            describe=_told_of_rank,
            meaning=f"Statements that people {meaning}had to sign by a day of the year, in the portal or on paper; "
            "without those who were excused and those whose round another one replaced.",
            worked_example=examples[0],
        )
    )
    declared.register(
        Flow(
            code=signed,
            title=title(_("Assurance statements signed")),
            unit="statements",
            unit_name=_STATEMENTS,
            decimals=0,
            section=SECTION,
            source=SignedYear,
            where=where,
            amount=_with_paper("signed", "paper_signed"),
            amount_meaning="those signed in the portal and those on paper",
            describe=_told_of_rank,
            people=(people,),
            meaning="Of these, what was signed by the last day of the year. Withheld where few people had to sign.",
            worked_example=examples[1],
        )
    )
    declared.register(
        Ratio(
            code=f"AC-SIGNED-SHARE{end}",
            title=title(_("Share of assurance statements signed")),
            unit="%",
            decimals=1,
            section=SECTION,
            numerator=signed,
            denominator=due,
            factor=_PERCENT,
            people=(people,),
            meaning="Statements signed among those due.",
            worked_example=examples[2],
        )
    )


def _told_of_rank(line: Any) -> str:
    """What a line says of its rank, with paper apart."""
    paper = ""
    if line.paper_due is not None:
        paper = gettext("; on paper %(signed)d of %(due)d") % {"signed": line.paper_signed, "due": line.paper_due}
    portal = gettext("in the portal %(signed)d of %(due)d") % {"signed": line.signed, "due": line.due}
    return f"{line}: {portal}{paper}"


_signed(
    Q(),
    "",
    "",
    "of all ranks ",
    (
        "Hami 5 directors, 5 senior, 6 middle managers and 10 others, and 4 on paper; Baishan 13: 43.",
        "Hami 5, 5, 5 and 9, and 3 on paper; Baishan 11: 38.",
        "38 of 43: 38 × 100 / 43 = 88.372…, printed 88.4 %.",
        "Hami 5, 5, 6 and 10, where the 4 on paper may be among the 6; Baishan 13: 39.",
    ),
)
for _rank, _examples in (
    (Rank.DIRECTOR, ("5 directors at Hami: 5.", "All of them: 5.", "5 of 5: 100.0 %.", "5 directors at Hami: 5.")),
    (Rank.SENIOR, ("5 at Hami and 5 at Baishan: 10.", "5 and 3: 8.", "8 of 10: 80.0 %.", "5 and 5: 10.")),
    (
        Rank.MIDDLE,
        (
            "6 in the portal and 4 on paper at Hami: 10.",
            "5 in the portal and 3 on paper: 8.",
            "8 of 10: 80.0 %.",
            "6 in the portal, of whom 4 may be those on paper: 6.",
        ),
    ),
    (
        Rank.KEY_POST,
        (
            "10 at Hami and 8 at Baishan: 18.",
            "9 and 8: 17.",
            "17 × 100 / 18 = 94.444…, printed 94.4 %.",
            "10 and 8: 18.",
        ),
    ),
):
    _signed(Q(rank=_rank.value), f"-{_rank.upper()}", _rank.label, "of this rank ", _examples)


# Cases, conflicts, gifts ----------------------------------------------------------------------------------------------


def _count(
    code: str,
    title: Text,
    measures: Iterable[Measure],
    unit: tuple[str, Text],
    hkex: tuple[str, ...],
    meaning: str,
    example: str,
    people: tuple[str, ...] = (),
) -> None:
    declared.register(
        Flow(
            code=code,
            title=title,
            unit=unit[0],
            unit_name=unit[1],
            decimals=0,
            section=SECTION,
            hkex=hkex,
            source=IntegrityCount,
            where=Q(measure__in=[measure.value for measure in measures]),
            amount="count",
            amount_meaning="the number",
            describe=lambda line: f"{line}: {line.count}",
            people=people,
            meaning=meaning,
            worked_example=example,
        )
    )


_CASE: Final[tuple[str, Text]] = ("case", "")
_CONFLICT: Final[tuple[str, Text]] = ("conflicts", pgettext_lazy("unit", "conflicts"))
_GIFT: Final[tuple[str, Text]] = ("gifts", pgettext_lazy("unit", "gifts"))
_OUTCOMES: Final = (
    (Measure.CASES_CONVICTED, "CONVICTED", "One at Hami ended with a fine: 1."),
    (Measure.CASES_ACQUITTED, "ACQUITTED", "One at Baishan ended with an acquittal: 1."),
    (Measure.CASES_SETTLED, "SETTLED", "None: 0."),
    (Measure.CASES_DISMISSED, "DISMISSED", "Two at Hami were withdrawn: 2."),
)
_count(
    "AC-CASES",
    _("Concluded legal cases regarding corrupt practices"),
    [measure for measure, _end, _words in _OUTCOMES],
    _CASE,
    ("B7.1",),
    "Cases of bribery, extortion, fraud and money laundering that were brought against the company or its people and "
    "concluded in the year, whatever the outcome.",
    "A fine and two withdrawn at Hami, an acquittal at Baishan: 4.",
)
for _measure, _end, _words in _OUTCOMES:
    _count(
        f"AC-CASES-{_end}",
        _measure.label,
        [_measure],
        _CASE,
        ("B7.1",),
        "Of these, the cases with this outcome.",
        _words,
    )
for _code, _measure, _unit, _meaning, _example in (
    (
        "AC-CONFL-DECL",
        Measure.CONFLICTS_DECLARED,
        _CONFLICT,
        "Answers with details in the statements that were first signed in the year, as corrected since; knowledge of "
        "wrongdoing is none.",
        "Two of one person and one of another at Hami, none at Baishan: 3.",
    ),
    (
        "AC-CONFL-DEC",
        Measure.CONFLICTS_DECIDED,
        _CONFLICT,
        "Conflicts about which somebody decided in the year, whenever they were declared and also where the answer was "
        "corrected since. One that was decided twice counts once; a decision of somebody whom the answer concerns "
        "does not count.",
        "One of December and one of last year at Hami: 2.",
    ),
    (
        "AC-GIFTS",
        Measure.GIFTS_REGISTERED,
        _GIFT,
        "Gifts received in the year and registered.",
        "Five at Hami and two at Baishan: 7.",
    ),
    (
        "AC-GIFTS-IN",
        Measure.GIFTS_HANDED_IN,
        _GIFT,
        "Of these, the gifts that were handed in.",
        "Three at Hami and one at Baishan: 4.",
    ),
    (
        "AC-GIFTS-BACK",
        Measure.GIFTS_RETURNED,
        _GIFT,
        "Of these, the gifts that were given back.",
        "One at Hami: 1.",
    ),
):
    # Of the few of a site it would tell who has a conflict or was given something.
    _count(_code, _measure.label, [_measure], _unit, (), _meaning, _example, people=(_PEOPLE,))


# Channels -------------------------------------------------------------------------------------------------------------


declared.register(
    RowCount(
        code="AC-CHANNELS",
        title=_("Channels for reports of wrongdoing"),
        unit="channels",
        unit_name=pgettext_lazy("unit", "channels"),
        decimals=0,
        section=SECTION,
        hkex=("B7.2",),
        source=Channel,
        describe=str,
        meaning="Channels that the sites tell. One of the group that two sites name counts at both.",
        worked_example="A hotline and a letterbox at Hami, a letterbox at Baishan: 3.",
    )
)


def _told_of_channel(channel: Any) -> str:
    return gettext("%(channel)s: %(reports)d reports, %(substantiated)d substantiated") % {
        "channel": channel,
        "reports": channel.reports,
        "substantiated": channel.substantiated,
    }


for _code, _title, _amount, _meaning, _example in (
    (
        "AC-REPORTS",
        _("Reports of wrongdoing received"),
        "reports",
        "Reports that came through the channels in the year.",
        "Two over the hotline and one in the letterbox: 3.",
    ),
    (
        "AC-SUBST",
        _("Reports of wrongdoing substantiated"),
        "substantiated",
        "Of these, the reports that were found to be true.",
        "One of three: 1.",
    ),
):
    declared.register(
        Flow(
            code=_code,
            title=_title,
            unit="reports",
            unit_name=pgettext_lazy("unit", "reports"),
            decimals=0,
            section=SECTION,
            hkex=("B7.2",),
            source=Channel,
            amount=_amount,
            amount_meaning="the number of reports",
            describe=_told_of_channel,
            meaning=_meaning,
            worked_example=_example,
        )
    )


# Training -------------------------------------------------------------------------------------------------------------


def _told_of_training(training: Any) -> str:
    return gettext("%(topic)s: %(audience)s, %(count)d participants for %(hours)s h each") % {
        "topic": training.topic,
        "audience": training.get_audience_display(),
        "count": training.participants,
        "hours": typed(training.hours_each),
    }


def _training(where: Q, end: str, words: StrPromise | str, examples: tuple[str, str]) -> None:
    """People and hours; ``end`` and ``words`` say of which audience."""
    people: Combinable = F("participants")
    hours = ExpressionWrapper(
        F("participants") * F("hours_each"), output_field=DecimalField(max_digits=20, decimal_places=2)
    )
    for code, title, unit, decimals, amount, amount_meaning, meaning, example in (
        (
            "AC-TRAIN-PEOPLE",
            _("People trained in anti-corruption"),
            "person",
            0,
            people,
            "the participants",
            "Participants of all trainings added up: whoever attends two counts twice.",
            examples[0],
        ),
        (
            "AC-TRAIN-HOURS",
            _("Hours of anti-corruption training"),
            "h",
            1,
            hours,
            "participants × hours a person",
            "Participants of each training × its hours.",
            examples[1],
        ),
    ):
        declared.register(
            Flow(
                code=f"{code}{end}",
                title=_of(title, words) if words else title,
                unit=unit,
                decimals=decimals,
                section=SECTION,
                hkex=("B7.3",),
                source=IntegrityTraining,
                where=where,
                amount=amount,
                amount_meaning=amount_meaning,
                zero_when_empty=True,
                describe=_told_of_training,
                meaning=meaning,
                worked_example=example,
            )
        )


_training(
    Q(),
    "",
    "",
    (
        "5 directors, 20 managers and 100 staff at Hami, 5 directors at Baishan: 130.",
        "5 × 2 + 20 × 1.5 + 100 × 0.5 + 5 × 3: 105 h.",
    ),
)
for _audience, _examples_of in (
    (Audience.DIRECTORS, ("5 at Hami and 5 at Baishan: 10.", "5 × 2 h and 5 × 3 h: 25 h.")),
    (Audience.MANAGEMENT, ("20 at Hami: 20.", "20 × 1.5 h: 30 h.")),
    (Audience.STAFF, ("100 at Hami: 100.", "100 × 0.5 h: 50 h.")),
):
    _training(Q(audience=_audience.value), f"-{_audience.upper()}", _audience.label, _examples_of)
declared.register(
    Ratio(
        code="AC-TRAIN-AVG",
        title=_("Hours of anti-corruption training a participant"),
        unit="h/person",
        decimals=2,
        section=SECTION,
        hkex=("B7.3",),
        numerator="AC-TRAIN-HOURS",
        denominator="AC-TRAIN-PEOPLE",
        meaning="All hours by all participants, whoever attends twice being two of them.",
        worked_example="105 h / 130 participants = 0.807…, printed 0.81 h.",
    )
)
