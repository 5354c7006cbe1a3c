"""The two forms as a browser without scripts gets them."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.product_responsibility.models import (
    CertificateHeld,
    Complaint,
    ComplaintCategory,
    ComplaintClosing,
    CustomerRegion,
    Recall,
    SoldProduct,
    StatementRecord,
)
from apps.product_responsibility.sections import PRODUCT, PRODUCT_YEAR
from apps.submissions.models import NothingToReport, Submission
from apps.submissions.seals import content
from apps.submissions.sections import sections
from tests.by_hand import words
from tests.factories import World
from tests.product_responsibility.records import (
    approve,
    month,
    put_certificate,
    put_closing,
    put_complaint,
    put_products,
    put_recall,
    put_sale,
    whole_year,
)

SignIn = Callable[[User], Client]
MONTHLY = ("complaint", "complaint_closing", "recall")


def entry(submission: Submission) -> str:
    return reverse("submissions:edit", args=[submission.pk])


def sent(submission: Submission, **lines: dict[str, Any]) -> dict[str, Any]:
    """The fields of a month with one new line in some registers: ``complaint={"reference": "C1"}``."""
    data: dict[str, Any] = {"revision": submission.revision}
    for code in MONTHLY:
        data |= {f"{code}-TOTAL_FORMS": str(int(code in lines)), f"{code}-INITIAL_FORMS": "0"}
        data |= {f"{code}-0-{name}": value for name, value in lines.get(code, {}).items()}
    return data


def complaint_line(**fields: Any) -> dict[str, Any]:
    category, region = ComplaintCategory.objects.get(code="quality"), CustomerRegion.objects.get(code="europe")
    told = {"reference": "C-1", "received_on": "2020-03-10", "category": category.pk, "region": region.pk}
    return {**told, "what": "Oxide", "closed_on": "", "settled": "", **fields}


def recall_line(**fields: Any) -> dict[str, Any]:
    product = SoldProduct.objects.get(code="magnesium_ingot")
    told = {"product": product.pk, "recalled_on": "2020-03-10", "lots": "L1", "quantity": "1,250.5", "sold": "2,000"}
    return {**told, "reason": "safety", "cause": "Cracked", "measures": "Taken back", **fields}


def test_a_month_is_entered(product_world: World, sign_in: SignIn) -> None:
    form = month(product_world.hami, 3)
    client = sign_in(product_world.clerk)
    data = sent(form, complaint=complaint_line(), recall=recall_line())
    data |= {"sales:magnesium_ingot:value": "1,800", "sales:magnesium_ingot:unit": "t"}
    assert client.post(entry(form), data).status_code == 302
    assert Complaint.objects.get(submission=form).entered_by == product_world.clerk
    assert Recall.objects.get(submission=form).quantity == Decimal("1250.5")
    shown = words(client.get(entry(form)))
    assert "Magnesium ingot (t)" in shown
    assert "Complaints received" in shown and "Earlier complaints closed" in shown


def test_no_complaint_is_a_statement(product_world: World, sign_in: SignIn) -> None:
    form = month(product_world.hami, 3)
    client = sign_in(product_world.clerk)
    submit = reverse("submissions:submit", args=[form.pk])
    assert "Complaints received: add what there was" in words(client.get(submit))
    client.post(entry(form), {**sent(form), "nothing:complaint": "1", "nothing:recall": "1"})
    assert set(NothingToReport.objects.values_list("table", flat=True)) == {"complaint", "recall"}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"received_on": "2020-02-29"}, "It was received outside this period"),
        ({"closed_on": "2020-04-01", "settled": "x"}, "That is after this month."),
        ({"closed_on": "2020-03-09", "settled": "x"}, "A complaint is closed after it was received."),
        ({"closed_on": "2020-03-11"}, "Of a closed complaint say both"),
        ({"reference": "TAKEN"}, "Another month has a complaint of this number."),
    ],
)
def test_a_complaint_that_cannot_be_is_explained(
    product_world: World, sign_in: SignIn, line: dict[str, str], sentence: str
) -> None:
    put_complaint(month(product_world.hami, 2), reference="TAKEN")
    put_complaint(month(product_world.baishan, 2), reference="C-1")
    form = month(product_world.hami, 3)
    response = sign_in(product_world.clerk).post(entry(form), sent(form, complaint=complaint_line(**line)))
    assert response.status_code == 422
    assert sentence in words(response)
    assert not Complaint.objects.filter(submission=form).exists()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"recalled_on": "2020-04-01"}, "The recall lies outside this period"),
        ({"quantity": "2,001"}, "no more than was sold of these lots"),
        ({"quantity": "0"}, "More than nothing is recalled"),
        ({"quantity": "many"}, "many"),
    ],
)
def test_a_recall_that_cannot_be_is_explained(
    product_world: World, sign_in: SignIn, line: dict[str, str], sentence: str
) -> None:
    form = month(product_world.hami, 3)
    response = sign_in(product_world.clerk).post(entry(form), sent(form, recall=recall_line(**line)))
    assert response.status_code == 422
    assert sentence in words(response)


def test_open_complaints_are_offered_and_closed_once(product_world: World, sign_in: SignIn) -> None:
    hami = product_world.hami
    march, april = month(hami, 3), month(hami, 4)
    complaint = put_complaint(march, reference="OPEN")
    put_complaint(march, reference="CLOSED", closed=20)
    put_complaint(month(hami, 5), reference="LATER")
    put_complaint(month(product_world.baishan, 3), reference="ELSEWHERE")
    client = sign_in(product_world.clerk)
    offered = re.findall(r"<option[^>]*>\s*([A-Z]+) ·", client.get(entry(april)).content.decode())
    assert set(offered) == {"OPEN"}
    line = {"complaint": complaint.pk, "closed_on": "2020-05-01", "settled": "Replaced"}
    response = client.post(entry(april), sent(april, complaint_closing=line))
    assert response.status_code == 422 and "The day lies outside this period" in words(response)
    line["closed_on"] = "2020-04-20"
    assert client.post(entry(april), sent(april, complaint_closing=line)).status_code == 302
    assert ComplaintClosing.objects.get().submission == april
    page = client.get(entry(month(hami, 6))).content.decode()
    assert "OPEN ·" not in page and "LATER ·" in page


def test_a_complaint_that_a_later_month_closes_cannot_be_deleted_or_closed_again(
    product_world: World, sign_in: SignIn
) -> None:
    march = month(product_world.hami, 3)
    complaint = put_complaint(march)
    put_closing(month(product_world.hami, 4), complaint)
    kept = complaint_line(reference=complaint.reference, id=complaint.pk)
    for change, sentence in (
        ({"DELETE": "on"}, "A line that later months refer to cannot be deleted."),
        ({"closed_on": "2020-03-20", "settled": "x"}, "A later month says when this complaint was closed."),
        ({"received_on": "2020-03-11"}, "A later month closes this complaint"),
    ):
        data = sent(march, complaint={**kept, **change}) | {"complaint-INITIAL_FORMS": "1"}
        response = sign_in(product_world.clerk).post(entry(march), data)
        assert response.status_code == 422
        assert sentence in words(response)


def test_half_a_patent_is_not_kept(product_world: World, sign_in: SignIn) -> None:
    form = whole_year(product_world.hami)
    data = {"revision": form.revision, "product_practice-TOTAL_FORMS": "0", "product_practice-INITIAL_FORMS": "0"}
    data |= {"product_statement:patents_held:value": "2.5", "product_statement:trademarks:value": "3"}
    response = sign_in(product_world.clerk).post(entry(form), data)
    assert response.status_code == 422
    assert "2.5 is no whole number. Count whole pieces." in words(response)
    assert [record.item.code for record in StatementRecord.objects.all()] == ["trademarks"]


def test_certificates_are_brought_up_to_date_from_the_form(product_world: World, sign_in: SignIn) -> None:
    world = product_world
    form = whole_year(world.hami)
    client = sign_in(world.clerk)
    put_certificate(world.hami, world.clerk, number="IN-YEAR")
    put_certificate(world.baishan, world.other_clerk, number="ELSEWHERE")
    put_certificate(world.hami, world.clerk, valid=("2021-01-01", "2023-12-31"), number="LATER")
    assert "1 line differs from what the portal knows" in words(client.get(entry(form)))
    practices = {"product_practice-TOTAL_FORMS": "0", "product_practice-INITIAL_FORMS": "0"}
    client.post(entry(form), {"revision": form.revision, "take_over": "1", **practices})
    line = CertificateHeld.objects.get()
    assert (line.number, line.state, line.entered_by) == ("IN-YEAR", "valid", world.clerk)
    shown = words(client.get(entry(form)))
    assert "IN-YEAR" in shown and "differs from" not in shown
    # What is handed in and sealed stands still when the register goes on.
    form.refresh_from_db()
    approve(form, world.clerk, world.reviewer)
    line.certificate.body = "SGS"
    line.certificate.save()
    sealed = content(form)["tables"]["certificate_held"]
    assert [(row["number"], row["body"], row["standard__code"]) for row in sealed] == [
        ("IN-YEAR", "CQC", "iso9001-2015")
    ]


@pytest.mark.parametrize("code", ["PR-DAYS-NEW", "PR-DAYS-LATER", "PR-OPEN-OFF", "PR-INTIME-LATER", "PR-RECALLED"])
def test_a_figure_opens_down_to_its_rows(product_world: World, sign_in: SignIn, code: str) -> None:
    world = product_world
    march = month(world.hami, 3)
    put_complaint(march, day=3, closed=10, reference="SEVEN")
    put_closing(month(world.hami, 4), put_complaint(march, day=20, reference="SIXTEEN"), day=5)
    put_sale(march, 1800)
    put_recall(march, 5)
    url = reverse("indicators:figure", args=["2020", code])
    shown = words(sign_in(world.auditor).get(f"{url}?basis=all"))
    expected = {"PR-DAYS-NEW": "SEVEN: closed after 7 days", "PR-RECALLED": "5 of 100 t, Safety"}
    assert expected.get(code, "SIXTEEN") in shown


def test_one_of_everything_stands_at_its_place(world: World, sign_in: SignIn) -> None:
    """What the tests of all URLs rest on."""
    urls = put_products(world)
    for code in (PRODUCT, PRODUCT_YEAR):
        for table in sections[code].tables:
            assert table.model._default_manager.filter(submission__site=world.hami).count() == 1, table.code
    client = sign_in(world.clerk)
    asked = {name: client.get(reverse(name, kwargs=kwargs)).status_code for name, kwargs in urls.items()}
    for name in ("certificate_file_add", "certificate_remove"):
        assert asked.pop(f"product:{name}") == 405
    assert set(asked.values()) == {200}


@pytest.mark.parametrize("kind", ["month", "year"])
def test_a_form_costs_the_same_however_much_stands_on_it(product_world: World, sign_in: SignIn, kind: str) -> None:
    world = product_world
    form = month(world.hami, 4) if kind == "month" else whole_year(world.hami)
    client = sign_in(world.clerk)

    def enter(count: int) -> None:
        for _number in range(count):
            put_closing(month(world.hami, 4), put_complaint(month(world.hami, 3)))
            put_complaint(month(world.hami, 4))
            put_recall(month(world.hami, 4), 5)
            put_certificate(world.hami, world.clerk)

    def cost() -> int:
        client.get(entry(form))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(entry(form)).status_code == 200
        return len(asked)

    enter(2)
    put_sale(month(world.hami, 4), 1800)
    few = cost()
    enter(6)
    assert cost() == few
