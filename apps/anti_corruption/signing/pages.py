"""One's own duties and declarations as the pages show them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.answers import Answer, readable
from apps.anti_corruption.models import Conflict, Declaration, DocumentVersion, Duty, DutyState
from apps.anti_corruption.signing import services
from apps.anti_corruption.signing.names import key_of
from apps.organisation.partners import find_partners

# Of each state: its sign, and the state of the style sheet whose colour it has.
_MARKS = {
    DutyState.OPEN: ("◔", "draft"),
    DutyState.SIGNED: ("✓", "approved"),
    DutyState.DECLINED: ("✕", "returned"),
    DutyState.EXCUSED: ("·", "not_due"),
    DutyState.REPLACED: ("·", "not_due"),
}


@dataclass(frozen=True, kw_only=True)
class DutyLine:
    """A duty with its state in a word and a sign. ``late`` says by how many days; blank where it is not."""

    duty: Duty
    sign: str
    colour: str
    label: str
    late: str
    declarations: Sequence[Declaration]
    reminded: str

    @property
    def to_sign(self) -> bool:
        """Also after declining."""
        return services.can_be_signed(self.duty)


def line_of(duty: Duty) -> DutyLine:
    """``duty`` comes with its declarations and reminders, the newest first."""
    sign, colour = _MARKS[DutyState(duty.state)]
    label, late = str(duty.get_state_display()), ""
    if duty.state == DutyState.OPEN and not duty.campaign.is_open:
        sign, colour, label = "·", "not_due", _("Closed without your signature")
    elif duty.is_overdue:
        days = (timezone.localdate() - duty.due_on).days
        sign, colour, label = "!", "late", _("Overdue")
        late = ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}
    reminders = list(duty.reminders.all())
    return DutyLine(
        duty=duty,
        sign=sign,
        colour=colour,
        label=label,
        late=late,
        declarations=list(duty.declarations.all()),
        reminded=date_format(timezone.localtime(reminders[0].sent_at), "SHORT_DATE_FORMAT") if reminders else "",
    )


def lines_of(user: User) -> tuple[list[DutyLine], list[DutyLine]]:
    """What is open, the most urgent first, and everything else, the newest first: three questions."""
    duties = (
        policies.duties_of(user)
        .select_related("campaign__statement__document", "site")
        .prefetch_related("declarations", "reminders")
        .order_by("-opened_on", "-pk")
    )
    lines = [line_of(duty) for duty in duties]
    is_open = [services.can_be_declined(line.duty) for line in lines]
    to_sign = [line for line, still in zip(lines, is_open, strict=True) if still]
    to_sign.sort(key=lambda line: (line.duty.due_on, line.duty.pk))
    return to_sign, [line for line, still in zip(lines, is_open, strict=True) if not still]


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something to do on the way to the signature. ``version`` is the text to read; None where it is signed."""

    title: str
    is_done: bool
    is_next: bool
    version: DocumentVersion | None = None

    @property
    def stage(self) -> str:
        return "done" if self.is_done else "next" if self.is_next else "later"

    @property
    def sign(self) -> str:
        return {"done": "✓", "next": "→", "later": "·"}[self.stage]


def steps_of(duty: Duty, language: str) -> list[Step]:
    """Read the code, read the statement, answer and sign: in the language of whoever is reading."""
    missing = services.missing_texts(duty, language)
    is_signed = duty.state == DutyState.SIGNED
    texts = [
        Step(
            title=_("Read: %(text)s") % {"text": version.document.name},
            is_done=version not in missing,
            is_next=missing[:1] == [version] and not is_signed,
            version=version,
        )
        for version in (duty.campaign.conduct, duty.campaign.statement)
    ]
    return [*texts, Step(title=_("Answer the questions and sign"), is_done=is_signed, is_next=not missing)]


def missing_sentence(missing: Sequence[DocumentVersion]) -> str:
    """What is still to be read in the language in use."""
    if len(missing) > 1:
        return _("Read both texts in this language before you sign.")
    return _("Read “%(text)s” in this language before you sign.") % {"text": missing[0].document.name}


@dataclass(frozen=True, kw_only=True)
class Told:
    """An answer beside its question, in the words that were signed."""

    question: str
    answer: Answer
    # That follows from it, for those who follow it up.
    conflict: Conflict | None
    # For the signer: the names and business partners as typed that the portal knows, and those that it does not.
    known: Sequence[str] = ()
    unknown: Sequence[str] = ()


def told(declaration: Declaration, user: User) -> list[Told]:
    """The answers that ``user`` may read, in the order and the language in which they were given."""
    texts = {
        question.kind: question.text_in(declaration.language) for question in declaration.statement.questions.all()
    }
    conflicts = {conflict.kind: conflict for conflict in policies.conflicts_for(user).filter(declaration=declaration)}
    answers = readable(declaration, user)
    known = _known(declaration, answers) if declaration.signer_id == user.pk else {}
    return [
        Told(
            question=texts[answer.kind],
            answer=answer,
            conflict=conflicts.get(answer.kind),
            known=[text for text in _typed(answer) if text in known.get(answer.kind, ())],
            unknown=[text for text in _typed(answer) if text not in known[answer.kind]] if answer.kind in known else (),
        )
        for answer in answers
    ]


def _typed(answer: Answer) -> list[str]:
    return [*answer.partners, *answer.people]


def _known(declaration: Declaration, answers: Sequence[Answer]) -> dict[str, set[str]]:
    """By kind, which of the typed names lead to somebody or to a business partner named in the conflict."""
    by_kind = {answer.kind: answer for answer in answers}
    partners = find_partners([text for answer in answers for text in answer.partners])
    found = {}
    for conflict in declaration.conflicts.prefetch_related("concerned__user", "partners"):
        people = {key_of(each.user.full_name) for each in conflict.concerned.all()}
        codes = {each.code for each in conflict.partners.all()}
        answer = by_kind[conflict.kind]
        known = {text for text in answer.people if key_of(text) in people}
        found[conflict.kind] = known | {
            text for text in answer.partners if text in partners and partners[text].code in codes
        }
    return found


def signed_file(declaration: Declaration) -> str:
    """The name of the file with what was signed."""
    return f"receipt-{declaration.pk}.json"


def recompute(declaration: Declaration) -> str:
    """How anybody can check the digest of a declaration."""
    return _("SHA-256 over the file %(file)s gives the digest of the declaration.") % {"file": signed_file(declaration)}


def zone(moment: dt.datetime) -> str:
    """The time zone in which the company tells the time: its name and, at that moment, its distance from UTC."""
    offset = timezone.localtime(moment).strftime("%z")
    return f"{timezone.get_default_timezone_name()}, UTC{offset[:3]}:{offset[3:]}"
