"""Reading, signing, correcting, declining: what a person does with a duty of their own, and nobody for them.

A refusal of the database would carry the row, and with it what somebody declares, into the log. So it is never raised
on: whoever calls gets a sentence.
"""

import ipaddress
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from apps.accounts.models import User
from apps.anti_corruption import digests, policies
from apps.anti_corruption.answers import Answer, plain, says_something, stored
from apps.anti_corruption.models import (
    ConcernedPerson,
    Conflict,
    Declaration,
    DocumentVersion,
    Duty,
    DutyState,
    NamedPartner,
    QuestionKind,
    Refusal,
    TextRead,
)
from apps.anti_corruption.signing.names import colleagues, key_of
from apps.organisation.partners import find_partners


class SigningError(Exception):
    """Why it cannot be done now, in a sentence for the person who tried."""


def missing_texts(duty: Duty, language: str) -> list[DocumentVersion]:
    """The texts of the round that the person has not read in ``language`` yet: code first, then statement."""
    read = set(duty.texts_read.filter(language=language).values_list("version_id", flat=True))
    texts = (duty.campaign.conduct, duty.campaign.statement)
    return [version for version in texts if version.pk not in read]


@transaction.atomic
def note_read(*, user: User, duty_id: int, version_id: int, language: str) -> TextRead:
    """Notes that the person of the duty read a text of its round to the end. Once is enough."""
    duty = policies.access_own_duty(user, duty_id)
    if version_id not in (duty.campaign.conduct_id, duty.campaign.statement_id):
        raise Http404
    return TextRead._default_manager.get_or_create(
        duty=duty, version_id=version_id, language=language, defaults={"read_at": timezone.now()}
    )[0]


@sensitive_variables()
def sign(
    *, user: User, duty_id: int, language: str, name: str, address: str | None, answers: Sequence[Answer]
) -> Declaration:
    """Signs the statement of a round, with an answer to each of its questions, and settles the duty."""
    try:
        with transaction.atomic():
            duty = _locked(user, duty_id)
            if not can_be_signed(duty):
                raise SigningError(_("This is not to be signed now. Look at your declarations."))
            now = timezone.now()
            declaration = Declaration(duty=duty, signer=user, signed_at=now)
            _write(declaration, duty=duty, language=language, name=name, address=address, answers=answers)
            duty.state = DutyState.SIGNED
            duty.signed_on = timezone.localdate(now)
            duty.save(update_fields=["state", "signed_on"])
    except IntegrityError:
        raise _changed_meanwhile() from None
    return declaration


@sensitive_variables()
def correct(
    *,
    user: User,
    declaration_id: int,
    language: str,
    name: str,
    address: str | None,
    answers: Sequence[Answer],
    reason: str,
) -> Declaration:
    """Signs anew in place of the declaration that stands. Both stay readable, and so does the day of the first."""
    try:
        with transaction.atomic():
            replaced = policies.access_declaration(user, declaration_id, own=True)
            duty = _locked(user, replaced.duty_id)
            if Declaration._default_manager.filter(replaces=replaced).exists():
                raise SigningError(_("This declaration was replaced already. Correct the one that stands."))
            if not says_something(reason):
                raise SigningError(_("Say why the declaration is replaced."))
            declaration = Declaration(duty=duty, signer=user, signed_at=timezone.now())
            declaration.replaces = replaced
            declaration.replaced_because = plain(reason)
            _write(declaration, duty=duty, language=language, name=name, address=address, answers=answers)
    except IntegrityError:
        raise _changed_meanwhile() from None
    return declaration


@sensitive_variables()
def decline(*, user: User, duty_id: int, reason: str) -> Refusal:
    """Keeps the reason for which the person will not sign. They may still sign later."""
    try:
        with transaction.atomic():
            duty = _locked(user, duty_id)
            if not can_be_declined(duty):
                raise SigningError(_("This is not to be declined now. Look at your declarations."))
            if not says_something(reason):
                raise SigningError(_("Say why you decline."))
            refusal = Refusal._default_manager.create(duty=duty, reason=plain(reason), refused_at=timezone.now())
            duty.state = DutyState.DECLINED
            duty.save(update_fields=["state"])
    except IntegrityError:
        raise _changed_meanwhile() from None
    return refusal


def can_be_signed(duty: Duty) -> bool:
    return duty.state in (DutyState.OPEN, DutyState.DECLINED) and duty.campaign.is_open


def can_be_declined(duty: Duty) -> bool:
    return duty.state == DutyState.OPEN and duty.campaign.is_open


def _locked(user: User, duty_id: int) -> Duty:
    """One's own duty, held against the officer who closes the round or excuses the person at this moment."""
    Duty.objects.select_for_update().filter(pk=duty_id, user=user.pk).first()
    return policies.access_own_duty(user, duty_id)


def _changed_meanwhile() -> SigningError:
    return SigningError(_("Something changed in the meantime. Look at your declarations and try again."))


@sensitive_variables()
def _write(
    declaration: Declaration, *, duty: Duty, language: str, name: str, address: str | None, answers: Sequence[Answer]
) -> None:
    """The row as it is signed, with its digest, and the conflicts that follow from it."""
    user = duty.user
    if key_of(name) != key_of(user.full_name):
        raise SigningError(_("Type your full name: %(name)s.") % {"name": user.full_name})
    missing = missing_texts(duty, language)
    if missing:
        raise SigningError(_("Read “%(text)s” in this language first.") % {"text": str(missing[0].document)})
    if any(not answer.none and not says_something(answer.details) for answer in answers):
        raise SigningError(_("Say what there is to declare."))
    declaration.signed_name = " ".join(name.split())
    declaration.language = language
    declaration.address = plain_address(address)
    declaration.statement = duty.campaign.statement
    declaration.statement_sha256 = declaration.statement.sha256
    declaration.conduct = duty.campaign.conduct
    declaration.conduct_sha256 = declaration.conduct.sha256
    declaration.answers = stored(answers)
    declaration.sha256 = digests.of_declaration(declaration)
    declaration.save(force_insert=True)
    _add_conflicts(declaration, answers)


def plain_address(address: str | None) -> str | None:
    """The form in which the database gives it back, so that the digest can be recomputed from the row."""
    try:
        known = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return str(mapped or known)


@sensitive_variables()
def _add_conflicts(declaration: Declaration, answers: Sequence[Answer]) -> None:
    """A conflict for each answer with details, with everybody who is called as it names them and the business partners
    that it names for certain. A correction takes over whom and what was named before, also by an officer: nobody gets
    rid of that by signing again.

    What somebody knows of wrongdoing is a report and goes another way.
    """
    telling = [answer for answer in answers if not answer.none and answer.kind != QuestionKind.WRONGDOING]
    conflicts = Conflict.objects.bulk_create(Conflict(declaration=declaration, kind=answer.kind) for answer in telling)
    people = colleagues(name for answer in telling for name in answer.people)
    partners = find_partners([text for answer in telling for text in answer.partners])
    before: dict[str, list[Conflict]] = {}
    if declaration.replaces_id is not None:
        earlier = Conflict.objects.filter(declaration__duty=declaration.duty_id).exclude(declaration=declaration.pk)
        for conflict in earlier.prefetch_related("concerned", "partners"):
            before.setdefault(conflict.kind, []).append(conflict)
    concerned, named = [], []
    for conflict, answer in zip(conflicts, telling, strict=True):
        users = {person.pk for name in answer.people for person in people.get(key_of(name), ())}
        known = {partner.code: partner.name for text in answer.partners if (partner := partners.get(text))}
        for old in before.get(conflict.kind, ()):
            users |= {each.user_id for each in old.concerned.all()}
            known = {each.code: each.name for each in old.partners.all()} | known
        concerned += [
            ConcernedPerson(conflict=conflict, user_id=pk) for pk in sorted(users) if pk != declaration.signer_id
        ]
        named += [NamedPartner(conflict=conflict, code=code, name=name) for code, name in known.items()]
    ConcernedPerson._default_manager.bulk_create(concerned)
    NamedPartner._default_manager.bulk_create(named)
