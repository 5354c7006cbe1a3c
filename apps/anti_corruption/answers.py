"""The answers of a declaration: how they are stored, and who may read which."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.models import ConcernedPerson, Declaration, QuestionKind


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What somebody answered: nothing to declare, or details. ``partners`` and ``people`` are names as typed."""

    kind: str
    none: bool
    details: str = ""
    partners: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return str(QuestionKind(self.kind).label)


def plain(text: str) -> str:
    """With the line breaks that everybody writes, whatever the browser sent, and without blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def says_something(text: str) -> bool:
    """A dot or a dash says nothing."""
    return any(sign.isalnum() for sign in text)


def stored(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """The form in which they are signed: plain lists, so that a digest over them can be recomputed from the row."""
    return [
        {
            **asdict(answer),
            "details": plain(answer.details),
            "partners": list(answer.partners),
            "people": list(answer.people),
        }
        for answer in answers
    ]


def read(declaration: Declaration) -> list[Answer]:
    """All of them. Only for the code that signs; pages ask ``readable``."""
    return [
        Answer(
            kind=row["kind"],
            none=row["none"],
            details=row["details"],
            partners=tuple(row["partners"]),
            people=tuple(row["people"]),
        )
        for row in declaration.answers
    ]


def naming(declaration: Declaration, user: User) -> set[str]:
    """Of which kinds the answers are that name ``user`` as concerned. No report of wrongdoing ever is among them."""
    if declaration.signer_id == user.pk:
        return set()
    named = ConcernedPerson._default_manager.filter(conflict__declaration=declaration.pk, user=user.pk)
    return set(named.values_list("conflict__kind", flat=True)) - {QuestionKind.WRONGDOING}


def readable(declaration: Declaration, user: User) -> list[Answer]:
    """Those that ``user`` may read of a declaration that they may open: what somebody knows of wrongdoing is for the
    signer and the integrity officers alone, and an answer that names ``user`` is not for them.
    """
    hidden = naming(declaration, user)
    if not policies.may_read_wrongdoing(user, declaration):
        hidden.add(QuestionKind.WRONGDOING)
    return [answer for answer in read(declaration) if answer.kind not in hidden]


def reads_all(declaration: Declaration, user: User) -> bool:
    """Whether no answer is hidden from ``user``. Others see neither the digest, with which they could try out what a
    hidden answer says, nor why the declaration replaced another.
    """
    return policies.may_read_wrongdoing(user, declaration) and not naming(declaration, user)
