"""The way of a statement: drafted, handed in, sent back, approved, reopened, carried forward.

Each step locks the year first and then the statement, asks the policy, looks at what is missing, writes, and logs an
event with the words of that moment. Publishing locks the year too, so that no word moves while it is published.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.indicators.basis import year_before
from apps.organisation.models import ReportingYear
from apps.reporting import policies
from apps.reporting.content.figures import YearFigures
from apps.reporting.content.shape import LANGUAGES
from apps.reporting.index import guide_for
from apps.reporting.loading import contents, load
from apps.reporting.models import Statement, StatementEvent, StatementKind, StatementState, StatementVerb
from apps.reporting.wording import Problem, codes_in, problems
from apps.submissions.workflow import Refused

# Of one text; what is longer is no statement of a provision any more.
LONGEST = 8000


@dataclass
class Stale(Exception):
    """Somebody saved in between: ``statement`` is what is stored now. Nothing was written."""

    statement: Statement


@dataclass
class NotReady(Refused):
    """The words cannot be handed in; ``problems`` says what to correct."""

    problems: tuple[Problem, ...] = ()


def texts_of(words: Statement | StatementEvent | None) -> dict[str, str]:
    """The three texts by language; empty ones without a statement."""
    if words is None:
        return dict.fromkeys(LANGUAGES, "")
    return {"en": words.text_en, "zh-hans": words.text_zh_hans, "zh-hant": words.text_zh_hant}


def _lock_year(year_id: int) -> ReportingYear:
    """Rows that point to the year may still be added by others; its words and its publication wait."""
    return ReportingYear.objects.select_for_update(no_key=True).get(pk=year_id)


def _require_open(year: ReportingYear) -> None:
    if not policies.words_are_open(year):
        raise Refused(
            _("%(year)s is published, so its statements stay as they are. A restatement of words opens them.")
            % {"year": year.code}
        )


def _locked(statement_id: int) -> Statement:
    """The statement with its year, both locked."""
    year_id = Statement.objects.values_list("year_id", flat=True).get(pk=statement_id)
    _lock_year(year_id)
    return Statement.objects.select_related("year").select_for_update(of=("self",)).get(pk=statement_id)


def _require(statement: Statement, revision: int, *states: StatementState) -> None:
    """The words are open to change, still as they were seen, and in one of ``states``."""
    _require_open(statement.year)
    if statement.state not in states:
        raise Refused(
            _("“%(statement)s” is now “%(state)s”; somebody was quicker. Reload the page to see it.")
            % {"statement": statement, "state": statement.get_state_display()}
        )
    if revision != statement.revision:
        raise Refused(_("“%(statement)s” changed since you opened it. Look at it again.") % {"statement": statement})


def _log(statement: Statement, verb: StatementVerb, user: User, comment: str = "") -> None:
    StatementEvent.objects.create(
        statement=statement,
        verb=verb,
        actor=user,
        comment=comment,
        revision=statement.revision,
        text_en=statement.text_en,
        text_zh_hans=statement.text_zh_hans,
        text_zh_hant=statement.text_zh_hant,
    )


def _move(statement: Statement, verb: StatementVerb, user: User, *fields: str, comment: str = "") -> Statement:
    statement.revision += 1
    statement.save(update_fields=["revision", *fields])
    _log(statement, verb, user, comment)
    return statement


@transaction.atomic
def save(
    *, year_id: int, code: str, user: User, revision: int, kind: StatementKind, texts: Mapping[str, str]
) -> Statement:
    """Creates or changes the draft of a provision. ``revision`` is the one that was looked at, 0 for a new one.

    Raises Stale where somebody saved in between, and Refused where the statement is not open. What is wrong with the
    words does not keep a draft from being saved; ``submit`` looks at it.
    """
    year = _lock_year(year_id)
    statement = Statement.objects.select_for_update().filter(year=year, code=code).first()
    if statement is None:
        if not policies.may_write_statements(user) or policies.provision_of(year, code) is None:
            raise PermissionDenied
        statement = Statement(year=year, code=code)
    elif not (policies.may_write_statements(user) or policies.is_responsible(user, statement)):
        raise PermissionDenied
    _require_open(year)
    if revision != statement.revision:
        raise Stale(statement)
    if not policies.may_edit_statement(user, statement):
        _require(statement, revision, StatementState.DRAFT, StatementState.RETURNED)
        raise PermissionDenied
    cleaned = {language: texts[language].replace("\r\n", "\n").strip() for language in LANGUAGES}
    if statement.pk and (statement.kind, texts_of(statement)) == (kind, cleaned):
        return statement
    statement.kind = kind
    statement.text_en = cleaned["en"]
    statement.text_zh_hans = cleaned["zh-hans"]
    statement.text_zh_hant = cleaned["zh-hant"]
    return _write_words(statement, user)


def _write_words(statement: Statement, user: User) -> Statement:
    statement.revision += 1
    statement.save()
    _log(statement, StatementVerb.SAVED, user)
    return statement


@transaction.atomic
def submit(*, statement_id: int, user: User, revision: int, loaded: YearFigures | None = None) -> Statement:
    """Hands the words in: all three languages written, every figure in them with a value. Raises NotReady.

    ``loaded`` are the figures of the year, to spare computing them for each of many statements.
    """
    statement = _locked(statement_id)
    if not (policies.may_write_statements(user) or policies.is_responsible(user, statement)):
        raise PermissionDenied
    _require(statement, revision, StatementState.DRAFT, StatementState.RETURNED)
    open_problems = tuple(problem for problem in problems_of(statement, loaded) if problem.blocks)
    if open_problems:
        raise NotReady(_("This cannot be handed in yet: correct what is listed."), problems=open_problems)
    statement.state = StatementState.SUBMITTED
    statement.submitted_by = user
    statement.submitted_at = timezone.now()
    return _move(statement, StatementVerb.SUBMITTED, user, "state", "submitted_by", "submitted_at")


def problems_of(statement: Statement, loaded: YearFigures | None = None) -> list[Problem]:
    """What is wrong with the stored words, with the figures of the year as they are now."""
    texts = texts_of(statement)
    codes = codes_in(texts)
    loaded = loaded or load(statement.year, codes=codes)
    return problems(texts, loaded=loaded, figures=contents(loaded, codes))


@transaction.atomic
def send_back(*, statement_id: int, user: User, revision: int, comment: str) -> Statement:
    """A reviewer asks for a correction and says which."""
    statement = _locked(statement_id)
    if not policies.may_write_statements(user):
        raise PermissionDenied
    _require(statement, revision, StatementState.SUBMITTED)
    statement.state = StatementState.RETURNED
    return _move(statement, StatementVerb.SENT_BACK, user, "state", comment=_said(comment))


@transaction.atomic
def approve(*, statement_id: int, user: User, revision: int, loaded: YearFigures | None = None) -> Statement:
    """A reviewer who did not write the words lets them stand, as long as every figure in them still has a value.

    ``loaded`` as in ``submit``.
    """
    statement = _locked(statement_id)
    if not policies.may_write_statements(user):
        raise PermissionDenied
    _require(statement, revision, StatementState.SUBMITTED)
    if policies.has_written(user, statement):
        raise Refused(
            _("You wrote at “%(statement)s” yourself; somebody else has to approve it.") % {"statement": statement}
        )
    open_problems = tuple(problem for problem in problems_of(statement, loaded) if problem.blocks)
    if open_problems:
        raise NotReady(_("This cannot be approved: send it back, so that it is corrected."), problems=open_problems)
    statement.state = StatementState.APPROVED
    statement.approved_by = user
    statement.approved_at = timezone.now()
    return _move(statement, StatementVerb.APPROVED, user, "state", "approved_by", "approved_at")


@transaction.atomic
def reopen(*, statement_id: int, user: User, revision: int, reason: str) -> Statement:
    """A lead reviewer opens approved words again; in a published year only for a restatement of words."""
    statement = _locked(statement_id)
    if not policies.may_publish(user):
        raise PermissionDenied
    _require(statement, revision, StatementState.APPROVED)
    statement.state = StatementState.RETURNED
    return _move(statement, StatementVerb.REOPENED, user, "state", comment=_said(reason))


def _said(comment: str) -> str:
    cleaned = comment.strip()
    if not cleaned:
        raise Refused(_("Say what has to be corrected."))
    return cleaned


@transaction.atomic
def carry_forward(*, year_id: int, user: User, codes: Collection[str] | None = None) -> list[Statement]:
    """Copies the approved words of the year before as drafts, where this year has none yet.

    ``codes`` names some provisions; None is all of them. Only what this year's guide asks for is copied. Figures in
    the words are live, so a draft shows those of its own year.
    """
    if not policies.may_write_statements(user):
        raise PermissionDenied
    year = _lock_year(year_id)
    _require_open(year)
    last_year, guide = year_before(year), guide_for(year)
    if last_year is None or guide is None:
        raise Refused(_("There is no year before %(year)s to carry statements from.") % {"year": year.code})
    wanted = set(guide.provisions.values_list("code", flat=True))
    if codes is not None:
        wanted &= set(codes)
    present = {statement.code: statement for statement in Statement.objects.select_for_update().filter(year=year)}
    carried = []
    for source in (
        Statement.objects.filter(year=last_year, code__in=wanted, state=StatementState.APPROVED)
        .select_related("responsible")
        .order_by("pk")
    ):
        statement = present.get(source.code) or Statement(year=year, code=source.code)
        if any(texts_of(statement).values()) or statement.state != StatementState.DRAFT:
            continue
        statement.kind = source.kind
        statement.text_en, statement.text_zh_hans = source.text_en, source.text_zh_hans
        statement.text_zh_hant = source.text_zh_hant
        statement.carried_from = source
        if statement.responsible_id is None and source.responsible is not None and source.responsible.is_active:
            statement.responsible = source.responsible
        carried.append(_write_words(statement, user))
    return carried


@transaction.atomic
def name_responsible(*, year_id: int, code: str, user: User, responsible: User | None) -> Statement:
    """Names who drafts the words of a provision, or nobody. The audit trail keeps who named whom.

    It is no event of the words: whoever names somebody may still approve what that person writes.
    """
    if not policies.may_write_statements(user):
        raise PermissionDenied
    year = _lock_year(year_id)
    _require_open(year)
    if responsible is not None and not responsible.is_active:
        raise Refused(_("%(person)s cannot sign in any more. Name somebody else.") % {"person": responsible})
    statement = Statement.objects.select_for_update().filter(year=year, code=code).first()
    if statement is None:
        if policies.provision_of(year, code) is None:
            raise PermissionDenied
        return Statement.objects.create(year=year, code=code, responsible=responsible)
    statement.responsible = responsible
    statement.save(update_fields=["responsible"])
    return statement
