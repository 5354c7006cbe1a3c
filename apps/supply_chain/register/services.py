"""What people do with suppliers and assessments. Each function asks the policy and writes in one transaction."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import uploadedfile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.submissions import evidence
from apps.supply_chain import policies
from apps.supply_chain.models import (
    Assessment,
    AssessmentFile,
    AssessmentKind,
    AssessmentResult,
    CorrectiveAction,
    FileAbout,
    Supplier,
)

if TYPE_CHECKING:
    UploadedFile = uploadedfile.UploadedFile[Any]
else:
    UploadedFile = uploadedfile.UploadedFile


class Refused(ValueError):
    """Something that cannot be done as things stand; the text says why and what to do."""


def _keeper(user: User) -> None:
    if not policies.may_keep_suppliers(user):
        raise PermissionDenied


def _locked(pk: int) -> Assessment:
    return Assessment.objects.select_for_update().get(pk=pk)


@transaction.atomic
def save_supplier(*, user: User, form: Any) -> Supplier:
    """Keeps what a valid SupplierForm says. Raises Refused where another supplier came in between."""
    _keeper(user)
    take_turns()
    try:
        form.instance.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    supplier: Supplier = form.save()
    return supplier


def take_turns() -> None:
    """Two people who add suppliers at once would not see each other's, nor would two files. Readers go on reading."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE supply_chain_supplier IN SHARE ROW EXCLUSIVE MODE")


@transaction.atomic
def save_assessment(*, user: User, assessment: Assessment) -> Assessment:
    """Adds an assessment, or changes one that nobody has confirmed. ``assessment`` has been cleaned."""
    _keeper(user)
    Supplier.objects.select_for_update().get(pk=assessment.supplier_id)
    if assessment.pk is None:
        assessment.entered_by = user
    elif _locked(assessment.pk).is_confirmed:
        raise Refused(_("This assessment is confirmed and stays as it is."))
    try:
        assessment.validate_constraints()
    except ValidationError as error:
        # Somebody else entered the same meanwhile.
        raise Refused(" ".join(error.messages)) from error
    assessment.save()
    return assessment


@transaction.atomic
def delete_assessment(*, user: User, pk: int) -> None:
    """Takes away an assessment that nobody has confirmed, with its files and actions."""
    _keeper(user)
    assessment = _locked(pk)
    if assessment.is_confirmed:
        raise Refused(_("This assessment is confirmed and stays as it is."))
    for kept in assessment.files.all():
        _remove(kept)
    assessment.actions.all().delete()
    assessment.delete()


@transaction.atomic
def attach(*, user: User, pk: int, about: str, upload: UploadedFile) -> AssessmentFile:
    """Keeps a file with an unconfirmed assessment. Raises EvidenceError or Refused."""
    _keeper(user)
    assessment = _locked(pk)
    if assessment.is_confirmed:
        raise Refused(_("This assessment is confirmed and stays as it is."))
    return evidence.keep(AssessmentFile(assessment=assessment, about=about), user=user, upload=upload)


@transaction.atomic
def detach(*, user: User, kept: AssessmentFile) -> None:
    """Takes a file away again while nobody has confirmed what it proves."""
    _keeper(user)
    if _locked(kept.assessment_id).is_confirmed:
        raise Refused(_("This assessment is confirmed and stays as it is."))
    _remove(kept)


def _remove(kept: AssessmentFile) -> None:
    storage, name = kept.file.storage, str(kept.file.name)
    kept.delete()
    transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def add_action(*, user: User, action: CorrectiveAction) -> CorrectiveAction:
    """Adds something to be put right to an unconfirmed assessment. ``action`` has been cleaned."""
    _keeper(user)
    if _locked(action.assessment_id).is_confirmed:
        raise Refused(_("This assessment is confirmed and stays as it is."))
    action.save()
    return action


@transaction.atomic
def drop_action(*, user: User, action: CorrectiveAction) -> None:
    """Takes it away again."""
    _keeper(user)
    if _locked(action.assessment_id).is_confirmed:
        raise Refused(_("This assessment is confirmed and stays as it is."))
    action.delete()


@transaction.atomic
def recheck(*, user: User, pk: int, checked_on: dt.date, put_right: bool, outcome: str) -> CorrectiveAction:
    """Notes what the re-check of an action found, once. Where it was not put right, the assessment holds no longer."""
    _keeper(user)
    action = CorrectiveAction.objects.select_for_update().select_related("assessment").get(pk=pk)
    if not action.assessment.is_confirmed or action.assessment.is_withdrawn:
        raise Refused(_("An action is checked again once its assessment is confirmed."))
    if not action.is_open:
        raise Refused(_("This action was checked again already."))
    if not action.assessment.assessed_on <= checked_on <= timezone.localdate():
        raise Refused(_("The day of the re-check lies between the assessment and today."))
    action.checked_on, action.checked_by = checked_on, user
    action.put_right, action.outcome = put_right, outcome
    action.save(update_fields=["checked_on", "checked_by", "put_right", "outcome"])
    return action


def what_is_missing(assessment: Assessment) -> list[str]:
    """What an assessment needs before somebody can confirm it; the database asks the same."""
    missing = []
    if assessment.kind == AssessmentKind.LABOUR:
        there = set(assessment.files.values_list("about", flat=True))
        if FileAbout.CHILD_LABOUR not in there:
            missing.append(_("Attach the evidence on child labour."))
        if FileAbout.FORCED_LABOUR not in there:
            missing.append(_("Attach the evidence on forced labour."))
    if assessment.result == AssessmentResult.CONDITIONAL and not assessment.actions.exists():
        missing.append(_("Add what is to be put right, and until when."))
    return missing


@transaction.atomic
def confirm(*, user: User, pk: int) -> Assessment:
    """Makes an assessment count. Raises Refused with what is missing."""
    assessment = _locked(pk)
    if assessment.is_confirmed:
        raise Refused(_("This assessment is confirmed already."))
    if not policies.may_confirm(user, assessment):
        raise PermissionDenied
    missing = what_is_missing(assessment)
    if missing:
        raise Refused(" ".join(missing))
    assessment.confirmed_by, assessment.confirmed_at = user, timezone.now()
    assessment.save(update_fields=["confirmed_by", "confirmed_at"])
    return assessment


@transaction.atomic
def withdraw(*, user: User, pk: int, reason: str) -> Assessment:
    """Takes a confirmed assessment out of what counts, with a reason that stays."""
    assessment = _locked(pk)
    if not policies.may_withdraw(user, assessment):
        raise PermissionDenied
    assessment.withdrawn_by, assessment.withdrawn_at, assessment.withdrawn_because = user, timezone.now(), reason
    assessment.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    return assessment
