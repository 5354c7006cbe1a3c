"""Evidence packs, as a verifier would open them."""

import csv
import hashlib
import json
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.indicators import declarations
from apps.indicators.calculations import Calculation, CalculationLine, Step
from apps.jobs.models import Job
from apps.organisation.choices import Role
from apps.submissions import evidence
from apps.submissions.entry import Cell
from apps.submissions.models import Evidence, Seal
from tests.factories import World
from tests.jobs.running import run_waiting

Act = Callable[..., object]
SignIn = Callable[[User], Client]


def ask(client: Client, code: str) -> bytes:
    """The pack, by the doors that people use."""
    answer = client.post(reverse("reporting:evidence_pack", args=["2020", code]))
    assert answer.status_code == 302
    run_waiting()
    job = Job.objects.latest("pk")
    assert answer["Location"] == reverse("jobs:job", args=[job.pk]) and not job.error
    return b"".join(client.get(reverse("jobs:download", args=[job.pk])).streaming_content)  # type: ignore[attr-defined]


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(content))


def table(pack: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(pack.read(name).decode("utf-8-sig"))))


@pytest.fixture
def approved(world: World, fill_in: Act, hand_in: Act, approve: Act) -> World:
    """March of Hami and of Baishan, with the bill of the electricity of Hami."""
    submission = world.submission(world.hami, 3)
    fill_in(submission, world.clerk)
    for row, name in (("resource:electricity", "../../bill.csv"), ("", "=form.txt")):
        upload = SimpleUploadedFile(name, f"the {row} bill".encode())
        evidence.attach(submission_id=submission.pk, user=world.clerk, row=row, upload=upload)
    submission.refresh_from_db()
    approve(submission, world.clerk, world.reviewer)
    cells = {"resource:electricity": Cell(value="100", unit="万kWh")}
    approve(world.submission(world.baishan, 3), world.other_clerk, world.reviewer, cells)
    hand_in(world.submission(world.hami, 4), world.clerk)
    return world


CODE = "ENV-RES-ELECTRICITY"


def test_everything_behind_a_sum(approved: World, sign_in: SignIn, tmp_path: Path) -> None:
    content = ask(sign_in(approved.auditor), CODE)
    pack = opened(content)
    folder = f"figures/{CODE}"
    group, *sites = table(pack, f"{folder}/values.csv")
    assert (group["place"], group["value"], group["unit"]) == ("GROUP", "3805000", "kWh")
    assert [(site["place"], site["value"]) for site in sites] == [("HAMI", "2805000"), ("BAISHAN", "1000000")]
    assert json.loads(pack.read(f"{folder}/values.json"))["values"][0]["value"] == "3805000"
    rows = table(pack, f"{folder}/rows.csv")
    assert [(row["site"], row["typed_value"], row["typed_unit"], row["converted"]) for row in rows] == [
        ("HAMI", "280.5", "万kWh", "2805000"),
        ("BAISHAN", "100", "万kWh", "1000000"),
    ]
    assert rows[0]["entered_by"] == str(approved.clerk) and rows[0]["approved_by"] == str(approved.reviewer)
    assert sum(Decimal(row["adds"]) for row in rows) == 3805000
    # Evidence: both files under names of ours, unchanged.
    files = {file["file_name"]: file for file in table(pack, "evidence.csv")}
    assert set(files) == {"bill.csv", "'=form.txt"}
    bill = files["bill.csv"]
    assert pack.read(bill["file_in_this_pack"]) == b"the resource:electricity bill"
    assert (bill["state"], bill["form"], bill["row"]) == ("unchanged", rows[0]["form"], "resource:electricity")
    assert rows[0]["evidence"].split() == [file["number"] for file in files.values()]
    # The seals are those of the database, and prove the sealed content.
    seals = table(pack, "seals.csv")
    assert {seal["seal"] for seal in seals} == set(Seal.objects.values_list("digest", flat=True))
    for seal in seals:
        sealed = seal["seal_before"].encode() + b"\n" + pack.read(seal["sealed_content"])
        assert hashlib.sha256(sealed).hexdigest() == seal["seal"]
    assert [event["what"] for event in table(pack, "events.csv")] == ["submitted", "approved"] * 2
    trail = table(pack, "audit.csv")
    assert {line["table"] for line in trail} >= {"environment_resourceuse", "submissions_submission"}
    assert {line["form"] for line in trail if line["form"]} == {rows[0]["form"], rows[1]["form"]}
    # It says what it is in three languages, and its digests hold.
    for language in ("en", "zh-hans", "zh-hant"):
        assert CODE in pack.read(f"README.{language}.txt").decode()
        assert "3805000" in pack.read(f"{folder}/calculation.{language}.txt").decode()
    assert all(not name.startswith(("/", "..")) and "/../" not in name for name in pack.namelist())
    pack.extractall(tmp_path)
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert len(checked.stdout.splitlines()) == len(pack.namelist()) - 1
    # The same state gives the same bytes, also in another language.
    User.objects.filter(pk=approved.auditor.pk).update(language="zh-hans")
    assert ask(sign_in(approved.auditor), CODE) == content


def test_a_file_that_is_changed_or_gone_is_named(approved: World, sign_in: SignIn) -> None:
    first, second = Evidence.objects.order_by("pk")
    storage = first.file.storage
    storage.delete(str(first.file.name))
    assert storage.save(str(first.file.name), ContentFile(b"forged")) == first.file.name
    storage.delete(str(second.file.name))
    pack = opened(ask(sign_in(approved.auditor), CODE))
    told = {row["number"]: row for row in table(pack, "evidence.csv")}
    changed, gone = told[str(first.pk)], told[str(second.pk)]
    assert (changed["state"], gone["state"], gone["file_in_this_pack"]) == ("CHANGED", "MISSING", "")
    assert changed["found_sha256"] == hashlib.sha256(b"forged").hexdigest() != changed["sha256"]
    assert pack.read(changed["file_in_this_pack"]) == b"forged"
    assert "ATTENTION" in pack.read("README.en.txt").decode()


def test_the_pack_of_a_ratio_holds_its_parts(approved: World, sign_in: SignIn) -> None:
    page = sign_in(approved.lead).get(reverse("reporting:evidence_pack", args=["2020", f"{CODE}-D"]))
    assert CODE in page.content.decode() and "What is in it" in page.content.decode()
    pack = opened(ask(sign_in(approved.lead), f"{CODE}-D"))
    made_of = json.loads(pack.read(f"figures/{CODE}-D/values.json"))["made_of"]
    assert CODE in made_of and len(made_of) == 2
    for code in made_of:
        assert table(pack, f"figures/{code}/rows.csv")
    text = pack.read(f"figures/{CODE}-D/calculation.en.txt").decode()
    assert "3805000" in text and "4000 t" in text and "951.25" in text


def test_a_worked_figure_tells_its_factors(approved: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    factor = Step(
        title="Grid factor", value=Fraction(1, 2), unit="kg/kWh", source="Yearbook 2020, table 3", reference="grid@1"
    )

    def work(_prepared: object, figures: object, site: object) -> Calculation:
        amount = figures.of(CODE, site).value  # type: ignore[attr-defined]
        line = CalculationLine.multiplied(title="Electricity", code=CODE, amount=amount, unit="kWh", steps=[factor])
        return Calculation(lines=(line,))

    worked = declarations.Worked(
        code="TEST-WORKED",
        title="Worked",
        unit="kg",
        decimals=0,
        section="environment",
        inputs=(CODE,),
        prepare=lambda year: None,
        work=work,
    )
    monkeypatch.setattr(declarations, "declared", [*declarations.declared, worked])
    monkeypatch.setattr("apps.indicators.kpi_set.declared", declarations.declared)
    pack = opened(ask(sign_in(approved.auditor), "TEST-WORKED"))
    assert table(pack, "figures/TEST-WORKED/values.csv")[0]["value"] == "1902500"
    assert table(pack, "figures/TEST-WORKED/factors.csv") == [
        {
            "reference": "grid@1",
            "title": "Grid factor",
            "value": "0.5",
            "unit": "kg/kWh",
            "source": "Yearbook 2020, table 3",
            "not_confirmed": "",
        }
    ]
    text = pack.read("figures/TEST-WORKED/calculation.en.txt").decode()
    assert "Hami · Electricity" in text and "2805000 kWh × 0.5 kg/kWh [Grid factor] = 1402500" in text
    assert table(pack, f"figures/{CODE}/rows.csv")


def test_only_who_may_open_the_rows_of_every_site(approved: World, sign_in: SignIn) -> None:
    page = reverse("reporting:evidence_pack", args=["2020", CODE])
    at_one_site = World.person("reviewer-hami", Role.REVIEWER, approved.hami)
    for user in (approved.stranger, approved.clerk, at_one_site):
        assert sign_in(user).get(page).status_code == 404
        assert sign_in(user).post(page).status_code == 404
    for wrong in (["2031", CODE], ["2020", "NO-SUCH"]):
        assert sign_in(approved.lead).get(reverse("reporting:evidence_pack", args=wrong)).status_code == 404
    figure = reverse("indicators:figure", args=["2020", CODE])
    assert page in sign_in(approved.auditor).get(figure).content.decode()
    assert page not in sign_in(approved.clerk).get(figure).content.decode()
    # Asked again when the job runs, and when the file is fetched.
    client = sign_in(approved.auditor)
    client.post(page)
    approved.auditor.memberships.all().delete()
    run_waiting()
    job = Job.objects.get()
    assert job.state == "failed" and not job.result
