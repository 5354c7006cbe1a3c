"""Entering concluded cases. An entry stays; a mistake is put right by one that replaces it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.models import ConcludedCase


class CaseError(ValueError):
    """A case that cannot be entered as it is told; the text says why and what to do."""


@sensitive_variables()
def enter_case(*, user: User, case: ConcludedCase) -> ConcludedCase:
    """Enters an unsaved case; where ``case.replaces`` is set it takes that entry's place. Raises CaseError."""
    try:
        with transaction.atomic():
            return _enter(user, case)
    except IntegrityError:
        # The words of the database carry the row, which does not belong into a log.
        raise CaseError(_("The case cannot be entered like this. Look at it again.")) from None


@sensitive_variables()
def _enter(user: User, case: ConcludedCase) -> ConcludedCase:
    if not policies.is_officer(user, case.site_id):
        raise PermissionDenied
    if case.replaces_id is not None:
        policies.access_case(user, case.replaces_id, to_enter=True)
        ConcludedCase.objects.select_for_update().get(pk=case.replaces_id)
        if ConcludedCase.objects.filter(replaces=case.replaces_id).exists():
            raise CaseError(_("This entry was corrected already. Correct the newer one."))
    told = ConcludedCase.objects.current().filter(reference__iexact=case.reference.strip())
    if told.exclude(pk=case.replaces_id or 0).exists():
        raise CaseError(_("A case of this number is entered already. Correct its entry."))
    case.entered_by, case.entered_at, case.entered_on = user, timezone.now(), timezone.localdate()
    try:
        case.full_clean(exclude=["replaces"])
    except ValidationError as error:
        raise CaseError(" ".join(error.messages)) from None
    case.save(force_insert=True)
    return case
