"""From typed text to a stored cell: the four states, methods, units, and sentences for what is wrong."""

from collections.abc import Callable

import pytest

from apps.environment.models import ResourceUse
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from tests.factories import World
from tests.saving import save_cells

Act = Callable[..., Submission]


def save(world: World, cell: Cell, row: str = "resource:electricity") -> list[str]:
    """Saves one cell of March as the clerk; returns the sentences of what is wrong."""
    result = save_cells(
        submission_id=world.submission(world.hami, 3).pk, user=world.clerk, revision=None, cells={row: cell}
    )
    return [problem.message for problems in result.problems.values() for problem in problems]


def stored(world: World, item: str = "electricity") -> ResourceUse | None:
    return ResourceUse.objects.filter(submission=world.submission(world.hami, 3), resource_item__code=item).first()


def test_as_typed_and_canonical_are_both_kept(world: World) -> None:
    assert save(world, Cell(value="５,５３２.０６", unit="万度", how="invoiced")) == []
    record = stored(world)
    assert record is not None
    assert (str(record.entered_value.normalize()), record.entered_unit) == ("5532.06", "万kWh")
    assert record.quantity == 55_320_600
    assert (record.method, record.entered_by) == ("invoiced", world.clerk)


def test_zero_is_a_value_and_blank_is_no_answer(world: World) -> None:
    assert save(world, Cell(value="0", unit="kWh")) == []
    record = stored(world)
    assert record is not None and record.quantity == 0 and record.state == "value"
    assert save(world, Cell(value="", unit="kWh", how="metered")) == []
    assert stored(world) is None


@pytest.mark.parametrize("state", ["not_applicable", "not_available_yet", "not_measured"])
def test_a_cell_without_a_value_needs_a_reason(world: World, state: str) -> None:
    assert any("why" in words for words in save(world, Cell(how=state)))
    assert save(world, Cell(how=state, note="meter replaced on the 14th")) == []
    record = stored(world)
    assert record is not None and (record.state, record.quantity) == (state, None)


def test_an_estimate_needs_its_basis(world: World) -> None:
    assert any("rests on" in words for words in save(world, Cell(value="1", unit="kWh", how="estimated")))
    assert save(world, Cell(value="1", unit="kWh", how="estimated", note="mean of the last 3 months")) == []


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (Cell(value="abc", unit="kWh"), "“abc” is not a number"),
        (Cell(value="-5", unit="kWh"), "cannot be negative"),
        (Cell(value="5", unit="t"), "“t” does not fit"),
        (Cell(value="5", unit="箱"), "“箱” does not fit"),
        (Cell(value="5", unit="kWh", how="guessed"), "not a known state or method"),
        (Cell(value="5", unit="kWh", how="not_measured", note="x"), "at once"),
        (Cell(value="", unit="kWh", note="see mail"), "Zero is written 0"),
        (Cell(value="9" * 14, unit="GWh"), "too large"),
        (Cell(value="1", unit="kWh", note="x" * 501), "500 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(world: World, cell: Cell, words: str) -> None:
    assert any(words in told for told in save(world, cell))
    assert stored(world) is None


def test_litres_typed_as_kilograms_through_the_density(world: World) -> None:
    assert save(world, Cell(value="84", unit="kg"), "resource:diesel") == []
    record = stored(world, "diesel")
    assert record is not None and record.quantity == 100


def test_the_right_cells_are_saved_beside_a_wrong_one(world: World) -> None:
    submission = world.submission(world.hami, 3)
    result = save_cells(
        submission_id=submission.pk,
        user=world.clerk,
        revision=0,
        cells={"resource:coal": Cell(value="7", unit="t"), "resource:diesel": Cell(value="x", unit="L")},
    )
    assert (result.saved, list(result.problems)) == (1, ["resource:diesel"])
    assert stored(world, "coal") is not None


def test_saving_the_same_again_changes_nothing(world: World, fill_in: Act) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    revision = submission.revision
    submission = fill_in(submission, world.clerk)
    assert submission.revision == revision


def test_a_newer_revision_is_a_conflict_and_nothing_is_written(world: World, fill_in: Act) -> None:
    submission = fill_in(world.submission(world.hami, 3), world.clerk)
    result = save_cells(
        submission_id=submission.pk,
        user=world.clerk,
        revision=submission.revision - 1,
        cells={"resource:coal": Cell(value="1", unit="t")},
    )
    assert result.conflict and result.saved == 0
    record = stored(world, "coal")
    assert record is not None and record.quantity == 5300


def test_a_row_the_site_stopped_answering_shows_where_it_was_entered(world: World, fill_in: Act) -> None:
    import datetime as dt

    from apps.environment.models import SiteResource
    from apps.submissions.sheets import load_sheet

    fill_in(world.submission(world.hami, 3), world.clerk)
    SiteResource.objects.filter(site=world.hami, resource_item=world.coal).update(valid_until=dt.date(2020, 2, 29))
    march = load_sheet(world.submission(world.hami, 3)).rows["resource:coal"]
    assert march.record is not None and not march.expected
    assert "resource:coal" not in load_sheet(world.submission(world.hami, 4)).rows
