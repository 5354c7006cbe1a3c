"""Evidence files: what is taken, how it is kept, how it goes away. A file is what its bytes say, not its name."""

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File, uploadedfile
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.files import StoreUnreachable
from apps.submissions import policies
from apps.submissions.models import Evidence, KeptFile, Submission

if TYPE_CHECKING:
    UploadedFile = uploadedfile.UploadedFile[Any]
else:
    UploadedFile = uploadedfile.UploadedFile

_NAME_LENGTH: Final = 160
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


class EvidenceError(ValueError):
    """A file that is not taken; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class _Kind:
    content_type: str
    is_right: Callable[[UploadedFile], bool]


def _starts_with(*signatures: bytes) -> Callable[[UploadedFile], bool]:
    def check(upload: UploadedFile) -> bool:
        upload.seek(0)
        return bool(upload.read(16).startswith(signatures))

    return check


def _office(part: str) -> Callable[[UploadedFile], bool]:
    def check(upload: UploadedFile) -> bool:
        upload.seek(0)
        try:
            with zipfile.ZipFile(upload) as archive:
                return part in archive.namelist()
        except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError):
            return False

    return check


def _is_text(upload: UploadedFile) -> bool:
    upload.seek(0)
    content = upload.read()
    if b"\x00" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_KINDS: Final[dict[str, _Kind]] = {
    "pdf": _Kind(content_type="application/pdf", is_right=_starts_with(b"%PDF-")),
    "jpg": _Kind(content_type="image/jpeg", is_right=_starts_with(b"\xff\xd8\xff")),
    "jpeg": _Kind(content_type="image/jpeg", is_right=_starts_with(b"\xff\xd8\xff")),
    "png": _Kind(content_type="image/png", is_right=_starts_with(b"\x89PNG\r\n\x1a\n")),
    "xlsx": _Kind(content_type=f"{_OFFICE}.spreadsheetml.sheet", is_right=_office("xl/workbook.xml")),
    "docx": _Kind(content_type=f"{_OFFICE}.wordprocessingml.document", is_right=_office("word/document.xml")),
    "csv": _Kind(content_type="text/csv", is_right=_is_text),
    "txt": _Kind(content_type="text/plain", is_right=_is_text),
}
# What a file chooser offers.
ACCEPT: Final = ",".join(f".{extension}" for extension in _KINDS)


def clean_name(name: str) -> str:
    """The file's own name without its path and without what file systems or readers stumble over."""
    plain = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    cleaned = " ".join(_UNSAFE.sub(" ", plain).split()).strip(". ")
    stem, suffix = PurePath(cleaned).stem, PurePath(cleaned).suffix
    return f"{stem[: _NAME_LENGTH - len(suffix)]}{suffix}" if cleaned else ""


def digest_of(file: File[Any]) -> str:
    """SHA-256 of a file's bytes, which are never all in memory at once."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _examined(upload: UploadedFile) -> tuple[str, str, str]:
    """Name, content type and SHA-256 of a file that may be kept."""
    name = clean_name(upload.name or "")
    extension = PurePath(name).suffix.lower().lstrip(".")
    words = {"name": name or upload.name, "known": ", ".join(_KINDS)}
    kind = _KINDS.get(extension)
    if kind is None:
        raise EvidenceError(_("“%(name)s” is of a type that is not kept as evidence. Use one of: %(known)s.") % words)
    size = upload.size or 0
    if not size:
        raise EvidenceError(_("“%(name)s” is empty.") % words)
    if size > settings.EVIDENCE_MAX_BYTES:
        raise EvidenceError(
            _("“%(name)s” has %(size)s MB; at most %(limit)d MB are kept. Scan it in lower quality or split it.")
            % {**words, "size": -(-size // 1024**2), "limit": settings.EVIDENCE_MAX_BYTES // 1024**2}
        )
    if not kind.is_right(upload):
        raise EvidenceError(
            _("“%(name)s” is not what its name says: the content is no %(type)s file. Save it again and retry.")
            % {**words, "type": extension.upper()}
        )
    digest = digest_of(upload)
    upload.seek(0)
    return name, kind.content_type, digest


def _open_submission(submission_id: int, user: User) -> Submission:
    submission = (
        Submission.objects.select_related("site", "period__year").select_for_update(of=("self",)).get(pk=submission_id)
    )
    if not policies.may_edit(user, submission):
        raise PermissionDenied
    return submission


@transaction.atomic
def attach(*, submission_id: int, user: User, row: str, upload: UploadedFile) -> Evidence:
    """Keeps a file with an open submission, at one of its rows or at the whole. Raises EvidenceError."""
    name, content_type, digest = _examined(upload)
    submission = _open_submission(submission_id, user)
    if submission.evidence.filter(row=row, sha256=digest).exists():
        raise EvidenceError(_("“%(name)s” is attached there already.") % {"name": name})
    return _store(Evidence(submission=submission, row=row), user, upload, (name, content_type, digest))


KF = TypeVar("KF", bound=KeptFile)


def keep(kept: KF, *, user: User, upload: UploadedFile) -> KF:
    """Stores ``kept``, made for its owner, with the bytes of ``upload``. Raises EvidenceError. Call it in the
    transaction of the owner.
    """
    return _store(kept, user, upload, _examined(upload))


def _store(kept: KF, user: User, upload: UploadedFile, found: tuple[str, str, str]) -> KF:
    kept.name, kept.content_type, kept.sha256 = found
    kept.file, kept.size_bytes, kept.uploaded_by = upload, upload.size or 0, user
    try:
        kept.save()
    except StoreUnreachable as error:
        raise EvidenceError(
            _("“%(name)s” was not kept: the store of files does not answer. Attach it again in a few minutes.")
            % {"name": kept.name}
        ) from error
    except Exception:
        # The row did not come to be; its bytes must not stay behind.
        if kept.file.name and kept.file._committed:
            kept.file.storage.delete(kept.file.name)
        raise
    return kept


@transaction.atomic
def remove(evidence: Evidence, user: User) -> None:
    """Takes a file away while its submission is open; its bytes go when that is certain."""
    _open_submission(evidence.submission_id, user)
    storage, name = evidence.file.storage, str(evidence.file.name)
    evidence.delete()
    transaction.on_commit(lambda: storage.delete(name))
