"""Targets: where they stand, what their review says, and what the document takes of them."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.environment.models import SiteTarget, Target
from apps.organisation.models import Site
from apps.reporting.content.targets import targets_of
from apps.reporting.loading import load
from apps.reporting.models import TargetReview
from apps.reporting.targets import running_targets
from apps.submissions import services, workflow
from apps.submissions.entry import Cell
from apps.submissions.models import NothingToReport, Submission
from tests.by_hand import words
from tests.factories import AssignmentFactory, TargetFactory, World
from tests.published import mark_published
from tests.reporting.words import load_guides, post, year_of
from tests.saving import save_cells

SignIn = Callable[[User], Client]


def put_progress(world: World, values: dict[Site, dict[Target, str]]) -> None:
    """Approved yearly forms, each with a line for every target of its site."""
    for site, of_site in values.items():
        for target in of_site:
            SiteTarget.objects.create(site=site, target=target)
        AssignmentFactory(site=site, section="environment_targets")
    services.match_assignments(world.year)
    for site, of_site in values.items():
        form = Submission.objects.get(site=site, section="environment_targets", period__year=world.year)
        clerk = world.clerk if site == world.hami else world.other_clerk
        cells = {
            f"target:{target.code}": Cell(value=value, unit=target.unit_code, how="calculated", note="Said so.")
            for target, value in of_site.items()
        }
        with acting_as(clerk, "test"):
            save_cells(submission_id=form.pk, user=clerk, revision=None, cells=cells)
            NothingToReport.objects.get_or_create(submission=form, table="measure")
            form.refresh_from_db()
            form = workflow.submit(submission_id=form.pk, user=clerk, revision=form.revision)
        with acting_as(world.reviewer, "test"):
            workflow.approve(submission_id=form.pk, user=world.reviewer)


def test_a_target_stands_where_its_figure_stands(
    world: World, sign_in: SignIn, approve: Callable[..., Submission]
) -> None:
    load_guides()
    target = TargetFactory(
        code="power", figure="ENV-RES-ELECTRICITY-D", base_year=2015, base_value="1500", target_year=2025,
        target_value="1300", decimals=1,
    )  # fmt: skip
    target.full_clean()
    # 2,805,000 kWh for 2,000 t: 1,402.5 kWh/t, 48.75 % of the way from 1,500 to 1,300; five years of ten are gone.
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    page = words(sign_in(world.auditor).get(reverse("reporting:targets", args=["2020"])))
    assert "1,402.5" in page and "49 % expected by now, gone evenly: 50 %" in page and "Not reviewed yet" in page
    told = targets_of(load(world.year, codes=[target.figure]))
    assert [(each["code"], each["current"], each["progress"], each["verdict"]) for each in told] == [
        ("power", "1402.5", "48.75", {})
    ]


def test_without_a_figure_one_site_speaks_and_two_do_not(world: World, sign_in: SignIn) -> None:
    load_guides()
    one, two = (TargetFactory(code=code, base_value="100", target_value="90", decimals=0) for code in ("one", "two"))
    put_progress(world, {world.hami: {one: "95", two: "97"}, world.baishan: {two: "93"}})
    page = words(sign_in(world.auditor).get(reverse("reporting:targets", args=["2020"])))
    assert "50 % expected by now, gone evenly: 0 %" in page and "Hami 95 kWh/t Said so." in page
    assert "Hami 97 kWh/t" in page and "Baishan 93 kWh/t" in page and "their values do not add up" in page
    assert {each["code"]: each["current"] for each in targets_of(load(world.year))} == {"one": "95", "two": None}


@pytest.mark.parametrize(
    ("figure", "unit", "sentence"),
    [
        ("ENV-RES-ELEKTRICITY", "kWh/t", "There is no figure ENV-RES-ELEKTRICITY."),
        ("ENV-RES-ELECTRICITY", "kWh/t", "ENV-RES-ELECTRICITY is in kWh."),
    ],
)
def test_a_target_names_a_figure_that_exists_in_its_unit(world: World, figure: str, unit: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        TargetFactory.build(figure=figure, unit_code=unit).full_clean()


def test_the_yearly_review_of_a_target(world: World, sign_in: SignIn) -> None:
    load_guides()
    target = TargetFactory(code="power", base_year=2019)
    TargetFactory(code="later", base_year=2021)
    url = reverse("reporting:target_review", args=["2020", "power"])
    said = {"verdict": "behind", "reviewed_on": "2021-03-01", "reviewed_by": "Board", "remark": "Too slow."}
    assert post(sign_in(world.auditor), url, **said).status_code == 403
    assert post(sign_in(world.clerk), url, **said).status_code == 404
    reviewer = sign_in(world.reviewer)
    assert reviewer.get(reverse("reporting:target_review", args=["2020", "later"])).status_code == 404
    future = post(reviewer, url, **{**said, "reviewed_on": "2999-01-01"})
    assert future.status_code == 422 and "Too slow." in words(future)
    assert "Reviewed by Board on" in words(post(reviewer, url, **said))
    # A correction is the same review, by whoever entered it last.
    post(sign_in(world.lead), url, **{**said, "verdict": "dropped"})
    review = TargetReview.objects.get()
    assert (review.target, review.verdict, review.entered_by) == (target, "dropped", world.lead)
    assert review.reviewed_on == dt.date(2021, 3, 1)
    (told,) = targets_of(load(world.year))
    assert (told["verdict"]["en"], told["reviewed_by"], told["progress"]) == ("Given up or replaced", "Board", None)
    # What was given up is not asked for again.
    assert [each.code for each in running_targets(year_of("2021"))] == ["later"]
    mark_published(world.year, world.lead)
    late = post(reviewer, url, **{**said, "verdict": "reached"})
    assert late.status_code == 422 and "2020 is published" in words(late)
