"""Writing certificates: who may, and one at a time."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.product_responsibility import policies
from apps.product_responsibility.models import Certificate, CertificateFile
from apps.submissions import evidence
from apps.submissions.evidence import UploadedFile


@transaction.atomic
def add_certificate(*, certificate: Certificate, user: User) -> Certificate:
    """Puts a certificate into the register of its site. Raises IntegrityError where its number is there already."""
    if not policies.may_keep_at(user, certificate.site_id):
        raise PermissionDenied
    certificate.entered_by = user
    certificate.save(force_insert=True)
    return certificate


@transaction.atomic
def change_certificate(*, certificate: Certificate, fields: tuple[str, ...], user: User) -> Certificate:
    """Writes some fields of a stored certificate and leaves the others as somebody else may have made them."""
    _locked(certificate.pk, user)
    certificate.save(update_fields=fields)
    return certificate


@transaction.atomic
def add_file(*, certificate_id: int, upload: UploadedFile, user: User) -> CertificateFile:
    """Keeps a file with a certificate. Raises EvidenceError with a sentence for whoever sent it."""
    certificate = _locked(certificate_id, user)
    return evidence.keep(CertificateFile(certificate=certificate), user=user, upload=upload)


@transaction.atomic
def remove_certificate(*, certificate_id: int, user: User) -> None:
    """Deletes a certificate that was entered by mistake, with its files; the audit trail keeps what it said.

    Their bytes go when that is certain. Refused once a yearly form copied it: then it is ended instead.
    """
    certificate = _locked(certificate_id, user)
    if not policies.may_remove(user, certificate):
        raise PermissionDenied
    files = list(certificate.files.all())
    certificate.files.all().delete()
    certificate.delete()
    for kept in files:
        transaction.on_commit(partial(kept.file.storage.delete, str(kept.file.name)))


def _locked(pk: int, user: User) -> Certificate:
    certificate = Certificate.objects.select_for_update().get(pk=pk)
    if not policies.may_keep_at(user, certificate.site_id):
        raise PermissionDenied
    return certificate
