"""Making a document from the page of a year, and keeping a Word template."""

import io
from collections.abc import Callable
from typing import Any

import docx
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from apps.jobs.models import Job
from apps.reporting.documents.word import DEFAULT_TEMPLATE
from apps.reporting.models import Guide, ReportTemplate
from apps.submissions.models import Submission
from apps.submissions.shipped import _add_missing, shipments
from tests.factories import World
from tests.jobs.running import run_waiting

SignIn = Callable[[Any], Client]


@pytest.fixture
def reported(world: World, approve: Callable[..., Submission]) -> World:
    """A year with a guide and one approved month."""
    shipped = shipments["reporting"]
    _add_missing(Guide, shipped.folder / "guides.csv")
    shipped.others()
    approve(world.submission(world.hami, 5), world.clerk, world.reviewer)
    return world


def made(client: Client, file_format: str, language: str) -> Any:
    """The answer to the download, after the page asked for it and the worker did it."""
    chosen = {"number": "0", "file_format": file_format, "language": language}
    response = client.post(reverse("reporting:documents", args=["2020"]), chosen)
    job = Job.objects.latest("pk")
    assert response.headers["Location"] == reverse("jobs:job", args=[job.pk])
    run_waiting()
    return client.get(reverse("jobs:download", args=[job.pk]))


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def template_saying(text: str) -> bytes:
    document = docx.Document(io.BytesIO(DEFAULT_TEMPLATE.read_bytes()))
    document.paragraphs[0].insert_paragraph_before(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_draft_is_made_in_the_background(reported: World, sign_in: SignIn) -> None:
    client = sign_in(reported.auditor)
    page = client.get(reverse("reporting:documents", args=["2020"])).content.decode()
    assert "This year is not published yet." in page and "Make the document" in page
    response = made(client, "pdf", "en")
    assert "esg-report-2020-en-draft.pdf" in response.headers["Content-Disposition"]
    reader = pypdf.PdfReader(io.BytesIO(body(response)))
    text = "\n".join(each.extract_text() for each in reader.pages)
    # The usual month of one site: 280.5 万kWh.
    assert "2,805,000" in text
    assert body(made(client, "json", "zh-hant")).startswith(b'{"aspects"')


def test_wrong_choices_get_a_sentence_and_make_nothing(reported: World, sign_in: SignIn) -> None:
    client = sign_in(reported.lead)
    chosen = {"number": "7", "file_format": "exe", "language": "en"}
    response = client.post(reverse("reporting:documents", args=["2020"]), chosen)
    assert response.status_code == 400 and "Select a valid choice" in response.content.decode()
    assert not Job.objects.exists()


def test_who_may_see_and_keep(reported: World, sign_in: SignIn) -> None:
    documents, templates = reverse("reporting:documents", args=["2020"]), reverse("reporting:templates")
    assert sign_in(reported.clerk).get(documents).status_code == 404
    assert sign_in(reported.clerk).get(templates).status_code == 404
    assert sign_in(reported.lead).get(templates).status_code == 403
    assert sign_in(reported.lead).get(reverse("reporting:template_file", args=[0])).status_code == 403
    assert sign_in(reported.lead).post(reverse("reporting:templates_own")).status_code == 403
    assert reverse("reporting:templates") not in sign_in(reported.lead).get(documents).content.decode()
    assert reverse("reporting:templates") in sign_in(reported.administrator).get(documents).content.decode()


def test_the_companys_template_is_used_until_the_portals_own_is_wanted_again(reported: World, sign_in: SignIn) -> None:
    client = sign_in(reported.administrator)
    own = client.get(reverse("reporting:template_file", args=[0]))
    assert own.content == DEFAULT_TEMPLATE.read_bytes()
    ours = template_saying("Our own cover")
    upload = SimpleUploadedFile("ours.docx", ours)
    response = client.post(reverse("reporting:templates"), {"file": upload, "language": "zh-hant"}, follow=True)
    assert "The template is kept." in response.content.decode()

    def first_words(language: str) -> str:
        return docx.Document(io.BytesIO(body(made(client, "docx", language)))).paragraphs[0].text

    assert first_words("zh-hant") == "Our own cover"
    assert first_words("en") != "Our own cover"
    client.post(reverse("reporting:templates_own"), {"own-language": "all"})
    assert first_words("zh-hant") != "Our own cover"
    kept = ReportTemplate.objects.get(name="ours.docx")
    again = client.get(reverse("reporting:template_file", args=[kept.pk]))
    assert again.content == ours


def test_a_template_that_cannot_be_used_is_not_kept(reported: World, sign_in: SignIn) -> None:
    client = sign_in(reported.administrator)
    upload = SimpleUploadedFile("ours.docx", template_saying("{{ grup }}"))
    response = client.post(reverse("reporting:templates"), {"file": upload, "language": "all"})
    assert response.status_code == 400
    assert "The report has no tag {{ grup }}. The tags are: {{ title }}" in response.content.decode()
    assert not ReportTemplate.objects.exists()


def test_the_database_keeps_templates_as_they_were(reported: World) -> None:
    insert = (
        "INSERT INTO reporting_reporttemplate (language, name, content, sha256, uploaded_by_id, uploaded_at)"
        " VALUES (%s, 'a.docx', 'bytes', %s, %s, now())"
    )
    right = "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9"
    user = reported.administrator.pk
    with connection.cursor() as cursor:
        cursor.execute(insert, ["en", right, user])
        for statement, values in (
            (insert, ["en", "0" * 64, user]),
            (insert, ["de", right, user]),
            ("UPDATE reporting_reporttemplate SET name = %s", ["b.docx"]),
            ("DELETE FROM reporting_reporttemplate WHERE name = %s", ["a.docx"]),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(statement, values)
