"""Deciding about conflicts, and naming whom and whose company they concern.

A refusal of the database would carry the row, and with it what was decided, into the log. So whoever calls gets a
sentence instead.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.answers import plain, says_something
from apps.anti_corruption.models import ConcernedPerson, Conflict, Decision, Duty, NamedPartner, Ruling
from apps.organisation.partners import find_partners


class ConflictError(Exception):
    """Why it cannot be done, in a sentence for the person who tried."""


@sensitive_variables("words")
def decide(*, user: User, conflict_id: int, ruling: str, words: str) -> Decision:
    """Decides about a conflict, or decides anew: earlier decisions stay, the last one counts."""
    try:
        with transaction.atomic():
            conflict = _standing(user, conflict_id)
            if ruling not in Ruling.values or not says_something(words):
                raise ConflictError(_("Choose a decision, and say what is done or why nothing needs to be."))
            return Decision._default_manager.create(
                conflict=conflict, ruling=ruling, words=plain(words), decided_by=user, decided_at=timezone.now()
            )
    except IntegrityError:
        raise _changed_meanwhile() from None


def add_concerned(*, user: User, conflict_id: int, concerned: User) -> ConcernedPerson:
    """Names a colleague whom the answer speaks of: from then on they neither read nor decide it."""
    try:
        with transaction.atomic():
            conflict = _standing(user, conflict_id)
            if concerned.pk == conflict.declaration.signer_id:
                raise ConflictError(_("This is the person who signed. Name somebody else whom the answer concerns."))
            if conflict.concerned.filter(user=concerned.pk).exists():
                raise ConflictError(_("This person is named already."))
            return ConcernedPerson._default_manager.create(conflict=conflict, user=concerned, added_by=user)
    except IntegrityError:
        raise _changed_meanwhile() from None


@sensitive_variables("text")
def add_partner(*, user: User, conflict_id: int, text: str) -> NamedPartner:
    """Names a business partner that the answer speaks of, by its number or name."""
    try:
        with transaction.atomic():
            conflict = _standing(user, conflict_id)
            partner = find_partners([text]).get(text)
            if partner is None:
                raise ConflictError(
                    _("No business partner is known for certain by this. Give its number or its whole name.")
                )
            if conflict.partners.filter(code=partner.code).exists():
                raise ConflictError(_("This business partner is named already."))
            return NamedPartner._default_manager.create(
                conflict=conflict, code=partner.code, name=partner.name, added_by=user
            )
    except IntegrityError:
        raise _changed_meanwhile() from None


def _standing(user: User, conflict_id: int) -> Conflict:
    """The conflict, held against a correction of its declaration and against others who name people or decide."""
    policies.access_conflict(user, conflict_id, to_decide=True)
    Duty.objects.select_for_update().get(declarations__conflicts=conflict_id)
    conflict = policies.access_conflict(user, conflict_id, to_decide=True)
    if not Conflict.objects.current().filter(pk=conflict_id).exists():
        raise ConflictError(_("The declaration was replaced by another, so this conflict is over."))
    return conflict


def _changed_meanwhile() -> ConflictError:
    return ConflictError(_("Something changed in the meantime. Look at the conflict and try again."))
