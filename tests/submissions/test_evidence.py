"""Evidence files through the door: what is taken, who gets it, how it goes away."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from apps.accounts.models import User
from apps.submissions.evidence import clean_name
from apps.submissions.models import Evidence, Submission
from tests.factories import World

SignIn = Callable[[User], Client]
Act = Callable[..., Submission]

PDF = b"%PDF-1.7\n1 0 obj\n"


def office(part: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(part, "<x/>")
    return buffer.getvalue()


def of_an_unknown_version() -> bytes:
    """A workbook that says it needs a newer reader of ZIP files than there is."""
    content = bytearray(office("xl/workbook.xml"))
    content[content.index(b"PK\x01\x02") + 6] = 99
    return bytes(content)


@pytest.fixture
def march(world: World) -> Submission:
    return world.submission(world.hami, 3)


@pytest.fixture
def clerk(world: World, sign_in: SignIn) -> Client:
    return sign_in(world.clerk)


def upload(client: Client, submission: Submission, name: str, content: bytes, row: str = "") -> Any:
    url = reverse("submissions:evidence_upload", args=[submission.pk])
    file = SimpleUploadedFile(name, content, content_type="text/html")
    return client.post(url, {"row": row, "file": file}, follow=True)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("invoice.PDF", PDF, "application/pdf"),
        ("meter.jpg", b"\xff\xd8\xff\xe0" + b"x" * 20, "image/jpeg"),
        ("meter.png", b"\x89PNG\r\n\x1a\n" + b"x" * 20, "image/png"),
        ("figures.xlsx", office("xl/workbook.xml"), "spreadsheetml.sheet"),
        ("letter.docx", office("word/document.xml"), "wordprocessingml.document"),
        ("figures.csv", "煤,5300".encode("gb18030"), "text/csv"),
        ("notes.txt", "煤 5300".encode(), "text/plain"),
    ],
)
def test_known_types_are_kept_with_their_digest(
    clerk: Client, march: Submission, world: World, name: str, content: bytes, content_type: str
) -> None:
    upload(clerk, march, name, content, row="resource:coal")
    kept = Evidence.objects.get()
    assert (kept.name, kept.row, kept.uploaded_by) == (name, "resource:coal", world.clerk)
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert kept.size_bytes == len(content)
    # What the browser said of its type counts for nothing.
    assert kept.content_type.endswith(content_type)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.html", b"<script>", "of a type that is not kept"),
        ("invoice.pdf", b"<html><script>alert(1)</script>", "is not what its name says"),
        ("invoice.pdf.exe", PDF, "of a type that is not kept"),
        ("figures.xlsx", b"PK\x03\x04 cut off", "is not what its name says"),
        ("figures.xlsx", office("word/document.xml"), "is not what its name says"),
        ("figures.xlsx", of_an_unknown_version(), "is not what its name says"),
        ("notes.txt", b"a\x00b", "is not what its name says"),
        ("invoice.pdf", b"", "is empty"),
        ("noname", PDF, "of a type that is not kept"),
    ],
)
def test_other_files_are_refused_with_a_sentence(
    clerk: Client, march: Submission, name: str, content: bytes, words: str
) -> None:
    assert words in text_of(upload(clerk, march, name, content))
    assert not Evidence.objects.exists()


def test_a_file_that_is_too_large_is_refused(clerk: Client, march: Submission, settings: Settings) -> None:
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    assert "at most 1 MB are kept" in text_of(upload(clerk, march, "scan.pdf", PDF + b"x" * 1024 * 1024))
    assert not Evidence.objects.exists()


def test_the_same_file_at_the_same_row_is_kept_once(clerk: Client, march: Submission) -> None:
    upload(clerk, march, "a.pdf", PDF, row="resource:coal")
    assert "attached there already" in text_of(upload(clerk, march, "b.pdf", PDF, row="resource:coal"))
    upload(clerk, march, "b.pdf", PDF, row="resource:diesel")
    assert Evidence.objects.count() == 2


def test_a_post_without_a_file_says_so(clerk: Client, march: Submission) -> None:
    url = reverse("submissions:evidence_upload", args=[march.pk])
    assert "Choose a file first" in text_of(clerk.post(url, {"row": "x\ny"}, follow=True))


def test_a_refusal_is_read_at_the_top_and_an_attached_file_seen_in_its_list(clerk: Client, march: Submission) -> None:
    page = reverse("submissions:edit", args=[march.pk])
    url = reverse("submissions:evidence_upload", args=[march.pk])
    assert clerk.post(url)["Location"] == page
    assert clerk.post(url, {"file": SimpleUploadedFile("a.pdf", PDF)})["Location"] == f"{page}#evidence"


def test_attaching_does_not_make_the_open_page_stale(clerk: Client, march: Submission) -> None:
    upload(clerk, march, "a.pdf", PDF)
    before = march.revision
    march.refresh_from_db()
    assert march.revision == before


def test_download_is_an_attachment_under_its_own_name(clerk: Client, march: Submission) -> None:
    upload(clerk, march, "三月 电费.pdf", PDF)
    response = clerk.get(reverse("submissions:evidence", args=[Evidence.objects.get().pk]))
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E4%B8%89")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]


def test_who_gets_a_file_and_who_does_not(clerk: Client, march: Submission, world: World, sign_in: SignIn) -> None:
    upload(clerk, march, "a.pdf", PDF)
    kept = Evidence.objects.get()
    url = reverse("submissions:evidence", args=[kept.pk])
    remove = reverse("submissions:evidence_delete", args=[kept.pk])
    attach = reverse("submissions:evidence_upload", args=[march.pk])
    for reader in (world.reviewer, world.auditor):
        assert sign_in(reader).get(url).status_code == 200
        assert sign_in(reader).post(remove).status_code == 403
        assert sign_in(reader).post(attach).status_code == 403
    for stranger in (world.other_clerk, world.stranger):
        assert sign_in(stranger).get(url).status_code == 404
        assert sign_in(stranger).post(remove).status_code == 404
    assert clerk.get(reverse("submissions:evidence", args=[kept.pk + 1])).status_code == 404
    assert clerk.get(remove).status_code == 405


def test_a_removed_file_leaves_no_bytes(
    clerk: Client, march: Submission, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    upload(clerk, march, "a.pdf", PDF)
    kept = Evidence.objects.get()
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        clerk.post(reverse("submissions:evidence_delete", args=[kept.pk]))
    assert not Evidence.objects.exists()
    name = str(kept.file.name)
    assert default_storage.exists(name)  # until the transaction is through
    for callback in callbacks:
        callback()
    assert not default_storage.exists(name)


def test_a_locked_form_keeps_its_files(clerk: Client, march: Submission, world: World, hand_in: Act) -> None:
    upload(clerk, march, "a.pdf", PDF)
    hand_in(march, world.clerk)
    kept = Evidence.objects.get()
    assert clerk.post(reverse("submissions:evidence_delete", args=[kept.pk])).status_code == 403
    assert clerk.post(reverse("submissions:evidence_upload", args=[march.pk])).status_code in (302, 403)
    assert upload(clerk, march, "b.pdf", PDF + b"2").status_code == 403
    assert Evidence.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.delete()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\me\\三月.pdf", "三月.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ('a"b\r\nc<d>.pdf', "a b c d .pdf"),
        ("invoice\u202efdp.exe", "invoice fdp.exe"),
        ("  .pdf", "pdf"),
        ("x" * 300 + ".xlsx", "x" * 155 + ".xlsx"),
    ],
)
def test_names_lose_what_is_dangerous(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept
