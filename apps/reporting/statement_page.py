"""A statement as its page shows it: the words, what is wrong with them, last year's beside them, and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from apps.accounts.models import User
from apps.indicators.declarations import Kpi
from apps.organisation.models import ReportingYear
from apps.reporting import policies
from apps.reporting.content.figures import YearFigures
from apps.reporting.differences import Compared, compare
from apps.reporting.index import kpis_by_provision, line_of
from apps.reporting.index_page import FIRST, figure_line, forms_of, told_first
from apps.reporting.loading import contents, filled, load
from apps.reporting.marks import statement_mark, status_mark
from apps.reporting.models import Provision, Statement, StatementEvent, StatementState, StatementVerb
from apps.reporting.statement_forms import CommentForm, ResponsibleForm, StatementForm, in_reading_order
from apps.reporting.statements import texts_of
from apps.reporting.wording import Problem, codes_in, problems

# Each in its own letters, whoever reads.
LANGUAGE_NAMES: Final = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}


@dataclass(frozen=True, kw_only=True)
class Text:
    """The words in one language as the report prints them."""

    language: str
    words: str
    problems: Sequence[Problem]

    @property
    def name(self) -> str:
        return LANGUAGE_NAMES[self.language]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two versions of the words in all three languages."""

    before: str
    after: str
    texts: Sequence[Compared]

    @property
    def is_same(self) -> bool:
        return all(text.is_same for text in self.texts)

    @property
    def named_texts(self) -> list[tuple[str, Compared]]:
        return [(LANGUAGE_NAMES[text.language], text) for text in self.texts]


def compare_all(
    before: str, old: Statement | StatementEvent | None, after: str, new: Statement | StatementEvent | dict[str, str]
) -> Comparison:
    """The differences in every language, that of the reader first."""
    was = texts_of(old)
    now = new if isinstance(new, dict) else texts_of(new)
    return Comparison(
        before=before,
        after=after,
        texts=[compare(was[language], now[language], language) for language in in_reading_order()],
    )


def statement_context(
    user: User, year: ReportingYear, provision: Provision, statement: Statement | None, asked: QueryDict
) -> dict[str, Any]:
    """Everything on the page. ``asked`` may name two events to compare."""
    texts = texts_of(statement)
    asked_for = codes_in(texts)
    of_aspect = list(provision.guide.provisions.filter(aspect=provision.aspect).values_list("code", flat=True))
    loaded = load(year, codes=asked_for, provisions=of_aspect)
    by_provision = kpis_by_provision(loaded.figures.kpis)
    kpis = by_provision.get(provision.code, [])
    # What its responsible person may put into the words, and what is offered where the provision asks for words only.
    aspect_kpis = list(dict.fromkeys(kpi for code in of_aspect for kpi in by_provision.get(code, [])))
    line = line_of(provision, kpis, statement, loaded.figures)
    readable = None if policies.may_read_report(user) else {kpi.code for kpi in aspect_kpis}
    figures = contents(loaded, asked_for if readable is None else readable.intersection(asked_for))
    found = problems(texts, loaded=loaded, figures=figures, readable=readable) if any(texts.values()) else []
    last_statement = _last(loaded.last_year, provision)
    events = list(statement.events.select_related("actor")) if statement else []
    offered = line.kpis or [kpi for kpi in aspect_kpis if _is_expected(kpi, loaded)]
    lines = told_first([figure_line(loaded, kpi) for kpi in offered])
    return {
        "year": year,
        "last_year": loaded.last_year,
        "provision": provision,
        "statement": statement,
        "line": line,
        "status_mark": status_mark(line.status, blocks=line.blocks),
        "mark": statement_mark(statement),
        "texts": [
            Text(
                language=language,
                words=filled(texts[language], language, figures),
                problems=[problem for problem in found if problem.language == language],
            )
            for language in in_reading_order()
        ],
        "has_words": any(texts.values()),
        "beside_last": (
            compare_all(str(loaded.last_year), last_statement, year.code, texts) if last_statement is not None else None
        ),
        "first_figures": lines[:FIRST],
        "more_figures": lines[FIRST:],
        "forms": forms_of(line.kpis, loaded),
        "events": list(reversed(events)),
        "compared": _compared(events, asked),
        "last_word": events[-1] if events and events[-1].verb in _ASKING else None,
        **_allowed(user, year, statement, last_statement),
    }


# After these somebody has to correct the words.
_ASKING: Final = (StatementVerb.SENT_BACK, StatementVerb.REOPENED)


def _is_expected(kpi: Kpi, loaded: YearFigures) -> bool:
    """Whether any site hands in what the figure is made of."""
    return bool(loaded.figures.coverage(loaded.figures.kpis.sections(kpi)).expected)


def _last(last_year: ReportingYear | None, provision: Provision) -> Statement | None:
    """The words of the year before, as far as there are any."""
    if last_year is None:
        return None
    statement = Statement.objects.filter(year=last_year, code=provision.code).first()
    return statement if statement is not None and any(texts_of(statement).values()) else None


def _compared(events: Sequence[StatementEvent], asked: QueryDict) -> Comparison | None:
    by_number = {str(event.pk): event for event in events}
    one, other = by_number.get(asked.get("a", "")), by_number.get(asked.get("b", ""))
    if one is None or other is None:
        return None
    first, second = sorted((one, other), key=lambda event: event.pk)
    return compare_all(event_label(first), first, event_label(second), second)


def event_label(event: StatementEvent) -> str:
    """How an event is named where two are compared."""
    return f"{event.revision} · {event.get_verb_display()} · {event.actor}"


def _allowed(
    user: User, year: ReportingYear, statement: Statement | None, last_statement: Statement | None
) -> dict[str, Any]:
    """What ``user`` may do now, with the forms to do it."""
    is_open = policies.words_are_open(year)
    writes = is_open and policies.may_write_statements(user)
    has_words = statement is not None and any(texts_of(statement).values())
    stored = statement or Statement(year=year)
    revision = {"revision": stored.revision}
    decides = is_open and policies.may_decide_statement(user, stored)
    wrote = decides and policies.has_written(user, stored)
    return {
        "is_open": is_open,
        "may_read_report": policies.may_read_report(user),
        "may_edit": is_open and policies.may_edit_statement(user, stored),
        "may_send_back": decides,
        "may_approve": decides and not wrote,
        "wrote_it": wrote,
        "may_reopen": is_open and policies.may_reopen_statement(user, stored),
        "may_name": writes,
        "may_carry": writes
        and not has_words
        and last_statement is not None
        and last_statement.state == StatementState.APPROVED,
        "form": StatementForm.of(statement),
        "comment_form": CommentForm(initial=revision),
        "responsible_form": ResponsibleForm(initial={"responsible": stored.responsible_id}),
    }
