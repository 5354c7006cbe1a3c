"""What the database refuses about product responsibility, tried by SQL: no form stands between."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from apps.audit.models import Change
from apps.product_responsibility.models import ComplaintCategory, SoldProduct, StatementItem
from apps.submissions import services
from tests.by_hand import refused
from tests.factories import World
from tests.product_responsibility.records import (
    approve,
    month,
    put_certificate,
    put_closing,
    put_complaint,
    put_file,
    put_practice,
    put_recall,
    put_sale,
    put_statement,
    whole_year,
)

PREFIX = "product_responsibility_"


def taken(sql: str, *params: object) -> int:
    """Runs ``sql`` and returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


# Single rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("closed_on = received_on - 1", "complaint_dates_in_order"),
        ("closed_on = NULL", "complaint_closing_is_told"),
        ("settled = ''", "complaint_closing_is_told"),
        ("what = ''", "complaint_says_something"),
        ("reference = ''", "complaint_says_something"),
    ],
)
def test_a_complaint_is_whole(product_world: World, change: str, constraint: str) -> None:
    put_complaint(month(product_world.hami, 3), closed=12)
    assert constraint in refused(f"UPDATE {PREFIX}complaint SET {change}")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("quantity = 0", "recall_of_what_was_sold"),
        ("quantity = sold + 0.000001", "recall_of_what_was_sold"),
        ("reason = 'weather'", "recall_known_reason"),
        ("measures = ''", "recall_is_told"),
        ("cause = ''", "recall_is_told"),
    ],
)
def test_a_recall_is_whole(product_world: World, change: str, constraint: str) -> None:
    put_recall(month(product_world.hami, 3), 5, sold=50)
    assert constraint in refused(f"UPDATE {PREFIX}recall SET {change}")
    assert taken(f"UPDATE {PREFIX}recall SET quantity = sold") == 1


def test_statements_are_whole_numbers(product_world: World) -> None:
    put_statement(whole_year(product_world.hami), "patents_held", 3)
    half = f"UPDATE {PREFIX}statementrecord SET quantity = 2.5, entered_value = 2.5"
    assert "statementrecord_is_whole" in refused(half)
    assert "not_negative" in refused(f"UPDATE {PREFIX}statementrecord SET quantity = -1, entered_value = -1")


def test_a_practice_is_told(product_world: World) -> None:
    put_practice(whole_year(product_world.hami))
    assert "known_provision" in refused(f"UPDATE {PREFIX}productpractice SET provision = 'B7.1'")
    assert "is_told" in refused(f"UPDATE {PREFIX}productpractice SET watched_by = ''")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("valid_until = valid_from - 1", "certificate_dates_in_order"),
        ("number = ''", "certificate_says_what_it_is"),
        ("ended_on = valid_until", "certificate_ends_with_reason"),
        ("ended_because = 'given_up'", "certificate_ends_with_reason"),
        ("ended_on = valid_until, ended_because = 'lost'", "certificate_ends_with_reason"),
        ("ended_on = valid_from, ended_because = 'given_up'", "certificate_ends_in_its_time"),
        ("ended_on = valid_until + 1, ended_because = 'given_up'", "certificate_ends_in_its_time"),
    ],
)
def test_a_certificate_is_whole(product_world: World, change: str, constraint: str) -> None:
    put_certificate(product_world.hami, product_world.clerk)
    assert constraint in refused(f"UPDATE {PREFIX}certificate SET {change}")


def test_a_certificate_stands_once_in_the_register_and_at_one_site(product_world: World) -> None:
    world = product_world
    found = put_certificate(world.hami, world.clerk, number="Q1")
    put_certificate(world.hami, world.clerk, "iso14001-2015", number="Q1")
    with pytest.raises(IntegrityError, match="certificate_once"), transaction.atomic():
        put_certificate(world.baishan, world.other_clerk, number="Q1")
    move = f"UPDATE {PREFIX}certificate SET site_id = %s WHERE id = %s"
    assert "keeps its site_id" in refused(move, world.baishan.pk, found.pk)


def test_files_stay_with_their_certificate(product_world: World) -> None:
    put_file(put_certificate(product_world.hami, product_world.clerk), product_world.clerk)
    assert "never changed or deleted" in refused(f"UPDATE {PREFIX}certificatefile SET name = 'x'")
    assert "stays with its certificate" in refused(f"DELETE FROM {PREFIX}certificatefile")


def test_a_site_gives_a_complaint_number_once(product_world: World) -> None:
    world = product_world
    put_complaint(month(world.hami, 3), reference="C-7")
    put_complaint(month(world.baishan, 4), reference="C-7")
    other = put_complaint(month(world.hami, 4), reference="C-8")
    with pytest.raises(IntegrityError, match="another month of the site"), transaction.atomic():
        put_complaint(month(world.hami, 4), reference="C-7")
    rename = f"UPDATE {PREFIX}complaint SET reference = %s WHERE id = %s"
    assert "another month of the site" in refused(rename, "C-7", other.pk)
    assert taken(rename, "C-9", other.pk) == 1
    with pytest.raises(IntegrityError, match="complaint_once"), transaction.atomic():
        put_complaint(month(world.hami, 4), reference="C-9")


# Closings -------------------------------------------------------------------------------------------------------------


def test_a_closing_is_of_the_same_site(product_world: World) -> None:
    world = product_world
    complaint = put_complaint(month(world.hami, 3))
    with pytest.raises(IntegrityError, match="of the same site"), transaction.atomic():
        put_closing(month(world.baishan, 4), complaint)
    own = put_closing(month(world.hami, 4), complaint)
    other = put_complaint(month(world.baishan, 3))
    move = f"UPDATE {PREFIX}complaintclosing SET complaint_id = %s WHERE id = %s"
    assert "of the same site" in refused(move, other.pk, own.pk)


@pytest.mark.parametrize("number", [2, 3])
def test_a_closing_is_of_a_later_month(product_world: World, number: int) -> None:
    complaint = put_complaint(month(product_world.hami, 3), day=1)
    with pytest.raises(IntegrityError, match="an earlier month"), transaction.atomic():
        put_closing(month(product_world.hami, number), complaint)


def test_a_closing_has_a_day_of_its_own_month(product_world: World) -> None:
    complaint = put_complaint(month(product_world.hami, 3))
    with pytest.raises(IntegrityError, match="a day of another month"), transaction.atomic():
        put_closing(month(product_world.hami, 4), complaint, closed_on=dt.date(2020, 5, 1))


def test_a_complaint_closes_once(product_world: World) -> None:
    world = product_world
    closed = put_complaint(month(world.hami, 3), closed=12)
    with pytest.raises(IntegrityError, match="an open complaint"), transaction.atomic():
        put_closing(month(world.hami, 4), closed)
    complaint = put_complaint(month(world.hami, 3))
    put_closing(month(world.hami, 4), complaint)
    with pytest.raises(IntegrityError, match="closes_once"), transaction.atomic():
        put_closing(month(world.hami, 5), complaint)
    both = f"UPDATE {PREFIX}complaint SET closed_on = received_on, settled = 'x' WHERE id = %s"
    assert "closed by a later month" in refused(both, complaint.pk)
    for change in ("received_on = received_on - 1", "reference = 'other'"):
        assert "closed by a later month" in refused(
            f"UPDATE {PREFIX}complaint SET {change} WHERE id = %s", complaint.pk
        )
    assert taken(f"UPDATE {PREFIX}complaint SET what = 'Oxide' WHERE id = %s", complaint.pk) == 1


# What stays, and the trail --------------------------------------------------------------------------------------------


def test_what_figures_are_cut_by_stays(product_world: World) -> None:
    hami = product_world.hami
    put_complaint(month(hami, 3))
    put_sale(month(hami, 3), 1800)
    put_recall(month(hami, 3), 5, product="magnesium_alloy")
    put_statement(whole_year(hami), "patents_held", 3)
    used = ComplaintCategory.objects.order_by("position")[0]
    assert "keeps its days_to_close" in refused(
        f"UPDATE {PREFIX}complaintcategory SET days_to_close = 90 WHERE id = %s", used.pk
    )
    assert taken(f"UPDATE {PREFIX}complaintcategory SET days_to_close = 90 WHERE id <> %s", used.pk) > 1
    for product in SoldProduct.objects.all():  # one with sales, one with a recall alone
        assert "keeps its unit_code" in refused(
            f"UPDATE {PREFIX}soldproduct SET unit_code = 'kg' WHERE id = %s", product.pk
        )
    item = StatementItem.objects.get(code="patents_held")
    assert "keeps its" in refused(f"UPDATE {PREFIX}statementitem SET provision = 'B6.5' WHERE id = %s", item.pk)
    for table in ("soldproduct", "complaintcategory", "customerregion", "statementitem", "certificatestandard"):
        assert "keeps its code" in refused(f"UPDATE {PREFIX}{table} SET code = code || 'x'")


def test_an_approved_month_and_year_stand_still(product_world: World) -> None:
    world = product_world
    march, form = month(world.hami, 3), whole_year(world.hami)
    complaint = put_complaint(march)
    put_certificate(world.hami, world.clerk)
    services.take_over(submission_id=form.pk, user=world.clerk)
    form.refresh_from_db()
    approve(march, world.clerk, world.reviewer)
    approve(form, world.clerk, world.reviewer)
    assert "are locked" in refused(f"UPDATE {PREFIX}complaint SET what = 'x'")
    assert "are locked" in refused(f"DELETE FROM {PREFIX}certificateheld")
    # The register goes on.
    assert taken(f"UPDATE {PREFIX}certificate SET note = 'Renewal applied for'") == 1
    # And so does the closing of the complaint, in its own month.
    put_closing(month(world.hami, 4), complaint)


def test_every_change_of_a_certificate_is_in_the_trail(product_world: World) -> None:
    found = put_certificate(product_world.hami, product_world.clerk)
    taken(f"UPDATE {PREFIX}certificate SET ended_on = '2021-01-01', ended_because = 'given_up' WHERE id = %s", found.pk)
    trail = Change.objects.filter(table=f"{PREFIX}certificate", row_id=found.pk).order_by("pk")
    assert [change.operation for change in trail] == ["I", "U"]
    ended = trail[1]
    assert ended.before is not None and ended.after is not None
    assert (ended.before["ended_because"], ended.after["ended_because"]) == ("", "given_up")
