"""What the checks say of complaints, recalls, batches and certificates."""

import pytest

from apps.product_responsibility.models import CertificateHeld, CertificateStandard
from apps.submissions import checks, services
from apps.submissions.findings import Finding
from apps.submissions.models import Submission
from apps.submissions.sheets import load_sheet
from tests.factories import ReportingYearFactory, World
from tests.product_responsibility.records import (
    approve,
    month,
    put_certificate,
    put_closing,
    put_complaint,
    put_file,
    put_recall,
    put_sale,
    put_statement,
    whole_year,
)


def found(submission: Submission, *codes: str) -> list[Finding]:
    return [finding for finding in checks.run(load_sheet(submission), for_submission=False) if finding.code in codes]


# Complaints -----------------------------------------------------------------------------------------------------------


def test_open_complaints_of_earlier_months_are_named_until_they_are_closed(product_world: World) -> None:
    hami = product_world.hami
    march, april, may = (month(hami, number) for number in (3, 4, 5))
    complaint = put_complaint(march, day=31, reference="Q-31")
    put_complaint(march, day=31, closed=31)
    put_complaint(month(product_world.baishan, 3), day=31)
    assert found(march, "complaints_open", "complaints_overdue") == []
    # 30 days on 30 April, which its category allows; 61 at the end of May.
    (notice,) = found(april, "complaints_open", "complaints_overdue")
    assert (notice.code, notice.severity, notice.row) == ("complaints_open", "notice", "complaint_closing:")
    assert "1 complaint of an earlier month is still open: Q-31" in notice.message
    (warning,) = found(may, "complaints_open", "complaints_overdue")
    assert (warning.code, warning.severity) == ("complaints_overdue", "warning")
    put_closing(may, complaint, day=20)
    assert found(may, "complaints_overdue") == []
    # April is as it was: there it was open.
    assert found(april, "complaints_open") == [notice]
    assert found(month(hami, 6), "complaints_open", "complaints_overdue") == []


def test_an_explanation_holds_for_the_same_complaints_only(product_world: World) -> None:
    march, june = month(product_world.hami, 3), month(product_world.hami, 6)
    put_complaint(march)
    (first,) = found(june, "complaints_overdue")
    put_complaint(march)
    (second,) = found(june, "complaints_overdue")
    assert first.fingerprint != second.fingerprint
    assert "2 complaints of earlier months" in second.message


def test_many_open_complaints_are_counted_and_the_first_named(product_world: World) -> None:
    march = month(product_world.hami, 3)
    for number in range(12):
        put_complaint(march, reference=f"N{number:02}")
    (warning,) = found(month(product_world.hami, 6), "complaints_overdue")
    assert warning.message.startswith("12 complaints") and "N07" in warning.message and "N08" not in warning.message


def test_whatever_took_longer_than_its_category_allows_wants_a_word(product_world: World) -> None:
    march, may = month(product_world.hami, 3), month(product_world.hami, 5)
    put_complaint(march, day=1, closed=16, category="delivery", reference="in-time")
    late = put_complaint(march, day=1, closed=17, category="delivery")
    still_open = put_complaint(march, day=1, category="delivery")
    earlier = put_complaint(march, day=20)
    closing = put_closing(may, earlier, day=5)
    warnings = {finding.row: finding.message for finding in found(march, "complaint_late")}
    assert set(warnings) == {f"complaint:{late.pk}", f"complaint:{still_open.pk}"}
    assert "closed after 16 days; the category allows 15" in warnings[f"complaint:{late.pk}"]
    assert "open for 30 days" in warnings[f"complaint:{still_open.pk}"]
    (warning,) = found(may, "complaint_late")
    assert warning.row == f"complaint_closing:{closing.pk}" and "after 46 days" in warning.message


# Recalls --------------------------------------------------------------------------------------------------------------


def test_more_recalled_than_sold_in_twelve_months(product_world: World) -> None:
    hami = product_world.hami
    services.open_year(ReportingYearFactory(code="2019"))
    march = month(hami, 3)
    recall = put_recall(march, 50, sold=60)
    put_sale(month(hami, 3, "2019"), 1000)  # a month too early
    put_sale(month(product_world.baishan, 3), 1000)
    put_sale(march, 1000, "magnesium_alloy")
    (warning,) = found(march, "recall_over_sales")
    assert warning.row == f"recall:{recall.pk}"
    assert "50 t recalled, and 0 sold in twelve months" in warning.message
    put_sale(month(hami, 4, "2019"), 20)
    put_sale(march, 30)
    assert found(march, "recall_over_sales") == []


def test_a_lot_recalled_in_two_months_wants_a_word(product_world: World) -> None:
    hami = product_world.hami
    march, may = month(hami, 3), month(hami, 5)
    put_recall(march, 5, lots="L-17, L-18")
    put_recall(march, 5, lots="L-20")
    put_recall(may, 5, lots="L-18", product="magnesium_alloy")
    put_recall(month(product_world.baishan, 4), 5, lots="L-18")
    assert found(march, "recall_twice") == found(may, "recall_twice") == []
    again = put_recall(may, 5, lots="l-18；L-19")
    (warning,) = found(may, "recall_twice")
    assert (warning.severity, warning.row) == ("warning", f"recall:{again.pk}")
    assert "is entered on 2020-03-10 too" in warning.message
    assert len(found(march, "recall_twice")) == 1
    # A month that stands is not asked about what was entered after it.
    approve(march, product_world.clerk, product_world.reviewer)
    assert found(month(hami, 3), "recall_twice") == []
    assert len(found(may, "recall_twice")) == 1


# The year -------------------------------------------------------------------------------------------------------------


def test_no_more_batches_are_rejected_than_inspected(product_world: World) -> None:
    form = whole_year(product_world.hami)
    put_statement(form, "batches_inspected", 400)
    rejected = put_statement(form, "batches_rejected", 401)
    (error,) = found(form, "more_rejected")
    assert (error.severity, error.row) == ("error", "product_statement:batches_rejected")
    rejected.quantity = rejected.entered_value = 400
    rejected.save()
    assert found(form, "more_rejected") == []


def taken_over(world: World) -> list[Finding]:
    form = whole_year(world.hami)
    services.take_over(submission_id=form.pk, user=world.clerk)
    return found(form, "certificate_not_valid", "out_of_date")


def test_a_certificate_that_ran_out_wants_a_successor(product_world: World) -> None:
    world = product_world
    put_certificate(world.hami, world.clerk, valid=("2017-07-01", "2020-06-30"), number="OLD")
    put_certificate(world.baishan, world.other_clerk)  # of another site
    put_certificate(world.hami, world.clerk, "iso14001-2015")  # of another family
    (warning,) = taken_over(world)
    assert "ISO 9001:2015 · OLD ran out on" in warning.message
    assert warning.row == f"certificate_held:{CertificateHeld.objects.get(number='OLD').pk}"
    put_certificate(world.hami, world.clerk, valid=("2020-07-01", "2023-06-30"))
    assert taken_over(world) == []


def test_a_valid_certificate_without_a_file_wants_a_word(product_world: World) -> None:
    world = product_world
    bare = put_certificate(world.hami, world.clerk, number="BARE", filed=False)
    put_certificate(world.hami, world.clerk, valid=("2017-07-01", "2020-06-30"), filed=False)
    put_certificate(world.hami, world.clerk, "iso14001-2015")
    assert taken_over(world) == []
    form = whole_year(world.hami)
    (warning,) = found(form, "certificate_without_file")
    assert (warning.severity, warning.row) == (
        "warning",
        f"certificate_held:{CertificateHeld.objects.get(number='BARE').pk}",
    )
    assert "ISO 9001:2015 · BARE: no file is attached" in warning.message
    put_file(bare, world.clerk)
    assert found(form, "certificate_without_file") == []


def test_the_last_day_of_the_year_counts(product_world: World) -> None:
    put_certificate(product_world.hami, product_world.clerk, valid=("2018-01-01", "2020-12-31"))
    assert taken_over(product_world) == []


@pytest.mark.parametrize(("valid_until", "wants_a_word"), [("2021-06-30", True), ("2018-06-30", False)])
def test_a_withdrawn_edition_is_not_valid_whatever_the_paper_says(
    product_world: World, valid_until: str, wants_a_word: bool
) -> None:
    """With a successor one that has run out by itself is history; one that still claims to be valid is to be ended."""
    world = product_world
    put_certificate(world.hami, world.clerk, "iso9001-2008", ("2015-07-01", valid_until))
    (warning,) = taken_over(world)
    assert "certificates of this edition held until" in warning.message
    put_certificate(world.hami, world.clerk)
    assert bool(taken_over(world)) is wants_a_word


def test_a_withdrawn_edition_that_was_replaced_is_no_trouble(product_world: World) -> None:
    world = product_world
    ended = {"ended_on": "2020-03-01", "ended_because": "replaced"}
    put_certificate(world.hami, world.clerk, "iso9001-2008", ("2015-07-01", "2021-06-30"), **ended)
    assert taken_over(world) == []


def test_a_certificate_that_was_given_up_is_told_and_no_trouble(product_world: World) -> None:
    world = product_world
    put_certificate(world.hami, world.clerk, ended_on="2020-05-01", ended_because="given_up")
    put_certificate(world.hami, world.clerk, ended_on="2019-05-01", ended_because="given_up", number="BEFORE")
    assert taken_over(world) == []
    assert [(line.number, line.state) for line in CertificateHeld.objects.all()] == [("Q-1", "ended")]


def test_an_edition_that_is_withdrawn_later_makes_an_open_form_out_of_date(product_world: World) -> None:
    world = product_world
    put_certificate(world.hami, world.clerk)
    assert taken_over(world) == []
    CertificateStandard.objects.filter(code="iso9001-2015").update(withdrawn_on="2020-10-31")
    (error,) = found(whole_year(world.hami), "out_of_date")
    assert error.severity == "error"
    (warning,) = taken_over(world)
    assert warning.code == "certificate_not_valid"
