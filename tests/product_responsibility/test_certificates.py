"""The register of certificates through its pages: who may, what it says, what it keeps."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import Change
from apps.organisation.choices import Role
from apps.product_responsibility.models import Certificate, CertificateFile, CertificateStandard
from apps.product_responsibility.services import remove_certificate
from apps.submissions import services
from tests.by_hand import words
from tests.factories import MembershipFactory, UserFactory, World
from tests.product_responsibility.records import put_certificate, put_file, whole_year

SignIn = Callable[[User], Client]
LIST = "/products/certificates/"


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path


def days(ahead: int) -> str:
    return (timezone.localdate() + dt.timedelta(days=ahead)).isoformat()


def page(certificate: Certificate, name: str = "certificate") -> str:
    return reverse(f"product:{name}", args=[certificate.pk])


def filled(world: World, **fields: Any) -> dict[str, Any]:
    standard = CertificateStandard.objects.get(code="iso9001-2015")
    told = {"site": world.hami.pk, "standard": standard.pk, "number": "00119Q", "body": "CQC"}
    return {**told, "valid_from": "2019-03-01", "valid_until": "2022-02-28", **fields}


# Adding, changing, ending ---------------------------------------------------------------------------------------------


def test_a_clerk_adds_a_certificate_with_its_file_and_ends_it(product_world: World, sign_in: SignIn) -> None:
    world = product_world
    client = sign_in(world.clerk)
    response = client.post(f"{LIST}add/", filled(world, number=" 00119Q  1 "))
    certificate = Certificate.objects.get()
    assert response["Location"] == page(certificate)
    assert (certificate.number, certificate.entered_by, certificate.site) == ("00119Q 1", world.clerk, world.hami)

    scan = SimpleUploadedFile("zertifikat.pdf", b"%PDF-1.4 scan")
    assert client.post(page(certificate, "certificate_file_add"), {"file": scan}).status_code == 302
    shown = client.get(page(certificate))
    assert "zertifikat.pdf" in words(shown)
    file = CertificateFile.objects.get()
    got = client.get(reverse("product:certificate_file", args=[file.pk]))
    assert b"".join(got.streaming_content) == b"%PDF-1.4 scan"
    assert got["Content-Disposition"].startswith("attachment") and got["X-Content-Type-Options"] == "nosniff"

    end = {"ended_on": "2021-05-01", "ended_because": "replaced"}
    client.post(page(certificate, "certificate_end"), end)
    certificate.refresh_from_db()
    assert certificate.last_day == dt.date(2021, 4, 30)
    client.post(page(certificate, "certificate_end"), {"ended_on": "", "ended_because": ""})
    certificate.refresh_from_db()
    assert certificate.last_day == dt.date(2022, 2, 28)


def test_a_change_leaves_what_is_not_on_its_form(product_world: World, sign_in: SignIn) -> None:
    world = product_world
    found = put_certificate(world.hami, world.clerk, ended_on="2020-05-01", ended_because="given_up")
    sent = filled(world, site=world.baishan.pk, body="SGS", entered_by=world.stranger.pk)
    assert sign_in(world.clerk).post(page(found, "certificate_edit"), sent).status_code == 302
    found.refresh_from_db()
    assert (found.body, found.site, found.entered_by) == ("SGS", world.hami, world.clerk)
    assert found.ended_because == "given_up"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"valid_until": "2019-02-28"}, "The last day lies before the first."),
        ({"number": ""}, "This field is required."),
        ({"site": "baishan"}, "Select a valid choice"),
        ({"number": "TAKEN"}, "This number is in use. Look at it again."),
        ({"standard": "iso9001-2008"}, "This edition ended on"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(
    product_world: World, sign_in: SignIn, fields: dict[str, Any], sentence: str
) -> None:
    world = product_world
    put_certificate(world.baishan, world.other_clerk, number="TAKEN")
    if fields.get("site"):
        fields = {"site": world.baishan.pk}
    if fields.get("standard"):
        fields = {"standard": CertificateStandard.objects.get(code=fields["standard"]).pk}
    response = sign_in(world.clerk).post(f"{LIST}add/", filled(world, **fields))
    assert response.status_code == 422
    assert sentence in words(response)
    assert Certificate.objects.count() == 1


def test_half_an_end_is_none(product_world: World, sign_in: SignIn) -> None:
    found = put_certificate(product_world.hami, product_world.clerk)
    response = sign_in(product_world.clerk).post(page(found, "certificate_end"), {"ended_on": "2020-05-01"})
    assert response.status_code == 422
    assert "Say both: from which day on it does not hold, and why." in words(response)


def test_what_stands_on_two_forms_is_looked_at_together(product_world: World, sign_in: SignIn) -> None:
    world = product_world
    found = put_certificate(world.hami, world.clerk, ended_on="2021-05-01", ended_because="replaced")
    client = sign_in(world.clerk)
    sentence = "It ends after its first day and not after its last one."
    for name, sent in (
        ("certificate_edit", filled(world, valid_until="2020-12-31")),
        ("certificate_end", {"ended_on": "2019-03-01", "ended_because": "replaced"}),
    ):
        response = client.post(page(found, name), sent)
        assert response.status_code == 422
        assert sentence in words(response)


def test_a_file_that_is_not_what_it_says_is_refused(product_world: World, sign_in: SignIn) -> None:
    found = put_certificate(product_world.hami, product_world.clerk, filed=False)
    client = sign_in(product_world.clerk)
    for upload in (SimpleUploadedFile("scan.pdf", b"MZ"), None):
        response = client.post(page(found, "certificate_file_add"), {"file": upload} if upload else {})
        assert response.status_code == 422
    assert not CertificateFile.objects.exists()


def test_a_certificate_entered_by_mistake_goes_with_its_files(
    product_world: World, sign_in: SignIn, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    world = product_world
    client = sign_in(world.clerk)
    client.post(f"{LIST}add/", filled(world))
    found = Certificate.objects.get()
    client.post(page(found, "certificate_file_add"), {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
    stored = CertificateFile.objects.get().file
    assert stored.storage.exists(str(stored.name))
    assert "Delete the certificate" in words(client.get(page(found)))
    with django_capture_on_commit_callbacks(execute=True):
        gone = client.post(page(found, "certificate_remove"))
    assert gone["Location"] == LIST and "00119Q is deleted." in words(client.get(LIST))
    assert not Certificate.objects.exists() and not CertificateFile.objects.exists()
    assert not stored.storage.exists(str(stored.name))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("certificate", "certificatefile"):
        last = Change.objects.filter(table=f"product_responsibility_{table}").order_by("-pk")[0]
        assert (last.operation, last.actor_name) == ("D", str(world.clerk))


def test_what_a_yearly_form_speaks_of_is_not_deleted(product_world: World, sign_in: SignIn) -> None:
    world = product_world
    found = put_certificate(world.hami, world.clerk)
    services.take_over(submission_id=whole_year(world.hami).pk, user=world.clerk)
    client = sign_in(world.clerk)
    assert "Delete the certificate" not in words(client.get(page(found)))
    told = client.post(page(found, "certificate_remove"), follow=True)
    assert "A yearly form speaks of this certificate, so it stays. End it instead." in words(told)
    assert found.files.count() == 1
    with pytest.raises(PermissionDenied):
        remove_certificate(certificate_id=found.pk, user=world.clerk)


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["other_clerk", "stranger"])
def test_another_sites_certificate_does_not_exist(product_world: World, sign_in: SignIn, person: str) -> None:
    world = product_world
    found = put_certificate(world.hami, world.clerk)
    file = put_file(found, world.clerk)
    client = sign_in(getattr(world, person))
    for name in ("certificate", "certificate_edit", "certificate_end"):
        assert client.get(page(found, name)).status_code == 404
    for name in ("certificate_edit", "certificate_end", "certificate_file_add", "certificate_remove"):
        assert client.post(page(found, name), {}).status_code == 404
    assert client.get(reverse("product:certificate_file", args=[file.pk])).status_code == 404
    listed = client.get(LIST)
    assert listed.status_code == (403 if person == "stranger" else 200)
    assert "Q-1" not in words(listed)


@pytest.mark.parametrize("person", ["reviewer", "lead", "auditor", "administrator"])
def test_who_only_reads_reads_and_changes_nothing(product_world: World, sign_in: SignIn, person: str) -> None:
    world = product_world
    found = put_certificate(world.hami, world.clerk)
    file = put_file(found, world.clerk)
    client = sign_in(getattr(world, person))
    shown = client.get(page(found))
    assert (
        shown.status_code == 200 and "Attach the file" not in words(shown) and "End the certificate" not in words(shown)
    )
    assert client.get(reverse("product:certificate_file", args=[file.pk])).status_code == 200
    for name in ("certificate_edit", "certificate_end"):
        assert client.get(page(found, name)).status_code == 403
        assert client.post(page(found, name), filled(world, body="SGS")).status_code == 403
    scan = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    assert client.post(page(found, "certificate_file_add"), {"file": scan}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(page(found, "certificate_remove")).status_code == 403
    found.refresh_from_db()
    assert found.body == "CQC"


def test_a_role_in_another_section_opens_nothing(product_world: World, sign_in: SignIn) -> None:
    world = product_world
    found = put_certificate(world.hami, world.clerk)
    elsewhere, here = UserFactory(), UserFactory()
    MembershipFactory(user=elsewhere, role=Role.PREPARER, site=world.hami, section="environment")
    MembershipFactory(user=here, role=Role.PREPARER, site=world.hami, section="product_year")
    assert sign_in(elsewhere).get(page(found)).status_code == 404
    assert sign_in(elsewhere).get(LIST).status_code == 403
    assert "Certificates" not in words(sign_in(elsewhere).get(reverse("submissions:places")))
    assert sign_in(here).get(page(found, "certificate_edit")).status_code == 200
    assert "Certificates" in words(sign_in(here).get(reverse("submissions:places")))


# What the list and the to-do lists say --------------------------------------------------------------------------------


def five(world: World) -> None:
    """One of each state today, of different standards, and a withdrawn edition with its successor."""
    put_certificate(world.hami, world.clerk, "iso9001-2008", ("2017-01-01", days(300)), number="WITHDRAWN")
    put_certificate(world.hami, world.clerk, "iso9001-2015", (days(-300), days(90)), number="VALID")
    put_certificate(world.hami, world.clerk, "iso14001-2015", (days(-300), days(89)), number="SOON")
    put_certificate(world.hami, world.clerk, "iso45001-2018", (days(-300), days(-1)), number="OUT")
    ended = {"ended_on": days(-10), "ended_because": "given_up"}
    put_certificate(world.hami, world.clerk, "iatf16949-2016", (days(-300), days(50)), number="ENDED", **ended)


def test_the_list_says_how_each_stands(product_world: World, sign_in: SignIn) -> None:
    five(product_world)
    client = sign_in(product_world.clerk)
    listed = words(client.get(LIST))
    for number, state in (
        ("WITHDRAWN", "✕ Edition withdrawn"), ("VALID", "✓ Valid"), ("SOON", "! Ends soon"), ("OUT", "✕ Run out"),
    ):  # fmt: skip
        assert re.search(rf"{number} .*?{re.escape(state)}", listed), number
    assert "89 days left" in listed and "ENDED" not in listed
    assert "3 certificates have to be acted on" in listed
    to_act_on = words(client.get(f"{LIST}?show=action&site=HAMI"))
    assert all(number in to_act_on for number in ("WITHDRAWN", "SOON", "OUT")) and "VALID" not in to_act_on
    assert "ENDED" in words(client.get(f"{LIST}?show=ended"))
    assert "SOON" in words(client.get(f"{LIST}?site=NOWHERE&show=nonsense&page=x"))


def test_what_is_to_be_done_stands_on_my_work_and_on_the_start_page(product_world: World, sign_in: SignIn) -> None:
    world = product_world
    five(world)
    mine = words(sign_in(world.clerk).get(reverse("submissions:my_work")))
    assert "Certificates to renew or complete" in mine
    assert all(number in mine for number in ("WITHDRAWN", "SOON", "OUT")) and "· VALID" not in mine
    assert "Certificates to renew" not in words(sign_in(world.other_clerk).get(reverse("submissions:my_work")))
    watched = words(sign_in(world.reviewer).get(reverse("admin:index")))
    assert "Certificates that are not valid" in watched
    assert "OUT" in watched and "WITHDRAWN" in watched and "SOON" not in watched


def test_a_certificate_without_a_file_is_spoken_of_until_it_has_one(product_world: World, sign_in: SignIn) -> None:
    world = product_world
    bare = put_certificate(world.hami, world.clerk, valid=(days(-300), days(300)), number="BARE", filed=False)
    out = put_certificate(world.hami, world.clerk, "iso14001-2015", (days(-300), days(-1)), number="OUT", filed=False)
    client = sign_in(world.clerk)
    assert re.search(r"BARE No file is attached\.", words(client.get(f"{LIST}?show=action")))
    assert "No file is attached." in words(client.get(page(bare)))
    assert "No file is attached." not in words(client.get(page(out)))
    my_work = reverse("submissions:my_work")
    assert "BARE" in words(client.get(my_work))
    put_file(bare, world.clerk)
    assert "No file is attached." not in words(client.get(LIST))
    assert "BARE" not in words(client.get(my_work))


def test_a_successor_ends_the_reminder(product_world: World, sign_in: SignIn) -> None:
    world = product_world
    put_certificate(world.hami, world.clerk, valid=(days(-1000), days(40)), number="OLD")
    assert "OLD" in words(sign_in(world.clerk).get(f"{LIST}?show=action"))
    put_certificate(world.hami, world.clerk, valid=(days(41), days(1000)), number="NEW")
    listed = words(sign_in(world.clerk).get(f"{LIST}?show=action"))
    assert "OLD" not in listed and "No certificate fits this choice." in listed


def test_pages_cost_the_same_however_many_certificates_there_are(product_world: World, sign_in: SignIn) -> None:
    world = product_world
    client = sign_in(world.clerk)

    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    first = put_certificate(world.hami, world.clerk)
    urls = (LIST, page(first), reverse("submissions:my_work"))
    few = [cost(url) for url in urls]
    five(world)
    assert [cost(url) for url in urls] == few
