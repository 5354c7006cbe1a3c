"""Files in a store that speaks S3: kept, fetched, proved, gone, and the store out of reach."""

import io
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from apps.accounts.models import User
from apps.jobs import services
from apps.jobs.models import Job
from apps.submissions.models import Evidence, Submission
from tests.factories import World
from tests.jobs import sample_kinds  # noqa: F401 - makes the kinds known
from tests.jobs.running import run_waiting
from tests.operations.conftest import KEYS, Store

SignIn = Callable[[User], Client]
Act = Callable[..., Submission]

PDF = b"%PDF-1.7\n" + b"kilowatt hours\n" * 400_000  # 6 MB: more than is kept in memory, and more than one part


@pytest.fixture(autouse=True)
def in_the_store(store: Store, settings: Settings) -> Iterator[None]:
    options = {"bucket_name": store.bucket, "endpoint_url": store.url, "location": "portal", **KEYS}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "apps.core.object_storage.ObjectStorage", "OPTIONS": options},
    }
    yield
    storages["default"].connection.meta.client.close()


def attach(client: Client, form: Submission, name: str = "meter.pdf", content: bytes = PDF) -> str:
    upload = SimpleUploadedFile(name, content, content_type="application/pdf")
    url = reverse("submissions:evidence_upload", args=[form.pk])
    return str(client.post(url, {"file": upload, "row": ""}, follow=True).content.decode())


def verified() -> str:
    """What ``verify_audit`` says of files."""
    out = io.StringIO()
    with suppress(CommandError):
        call_command("verify_audit", stdout=out)
    return out.getvalue()


def test_evidence_lies_in_the_store_and_is_proved_there(
    world: World,
    sign_in: SignIn,
    fill_in: Act,
    store: Store,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    form = fill_in(world.submission(world.hami, 3), world.clerk)
    client = sign_in(world.clerk)
    assert "is attached" in attach(client, form)
    kept = Evidence.objects.get()
    (name,) = store.names()
    assert name == f"portal/{kept.file.name}"
    assert store.acl(name) == ["owner"]

    address = reverse("submissions:evidence", args=[kept.pk])
    answer = client.get(address)
    assert (b"".join(answer.streaming_content), answer["Content-Length"]) == (PDF, str(len(PDF)))  # type: ignore[attr-defined]
    assert sign_in(world.other_clerk).get(address).status_code == 404

    assert "its file" not in verified()
    store.client.put_object(Bucket=store.bucket, Key=name, Body=b"%PDF-1.7 other")
    assert "the bytes of its file are not those that were attached" in verified()
    store.remove(name)
    assert "its file cannot be read" in verified()
    assert client.get(address).status_code == 404

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("submissions:evidence_delete", args=[kept.pk]))
    assert not Evidence.objects.exists()


def test_the_file_of_a_job_lies_in_the_store(world: World, sign_in: SignIn, store: Store) -> None:
    job = services.start("test_count", user=world.clerk, arguments={"to": 3}, title="Counting")
    run_waiting()
    assert len(store.names("portal/jobs/")) == 1
    client = sign_in(world.clerk)
    file = client.get(reverse("jobs:download", args=[job.pk]))
    assert b"".join(file.streaming_content) == b"012"  # type: ignore[attr-defined]


def test_without_the_store_nothing_is_half_done_and_everybody_is_told(
    world: World, sign_in: SignIn, fill_in: Act, store: Store
) -> None:
    form = fill_in(world.submission(world.hami, 3), world.clerk)
    client = sign_in(world.clerk)
    attach(client, form)
    kept = Evidence.objects.get()
    store.stop()

    page = attach(client, form, "other.pdf", PDF + b"other")
    assert "“other.pdf” was not kept: the store of files does not answer." in page
    assert list(Evidence.objects.all()) == [kept]

    client.raise_request_exception = False
    answer = client.get(reverse("submissions:evidence", args=[kept.pk]))
    assert answer.status_code == 503 and "cannot reach the store where its files lie" in answer.content.decode()

    job = services.start("test_count", user=world.clerk, arguments={"to": 3}, title="Counting")
    run_waiting()
    job.refresh_from_db()
    assert (job.state, bool(job.result)) == ("failed", False)
    assert "The store of files does not answer" in job.error
    # What the run wrote beside its file is not there either.
    world.hami.refresh_from_db()
    assert world.hami.province == "Xinjiang"
    assert Job.objects.count() == 1

    # One sentence, and not one for each file as if they were lost.
    assert verified().count("no file could be compared") == 1
    # What is deleted is gone for the portal; the bytes stay until somebody clears them away.
    kept.file.storage.delete(str(kept.file.name))
