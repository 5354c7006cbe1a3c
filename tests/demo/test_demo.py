"""The demonstration: the company's published year to the last digit, and something to see on every page."""

from collections import Counter
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Change
from apps.core.formats import round_half_up
from apps.demo import files
from apps.demo.data import rows
from apps.demo.people import PEOPLE, preparer_of
from apps.environment.models import (
    Measure,
    PackagingUse,
    ResourceUse,
    SiteResource,
    StackTest,
    TargetProgress,
    WasteRecord,
)
from apps.indicators.computation import compute
from apps.indicators.figures import Figure
from apps.organisation import policies
from apps.organisation.choices import Role
from apps.organisation.models import Group, ReportingYear, Site
from apps.reporting.content.builder import build
from apps.reporting.content.figures import load_figures
from apps.reporting.models import Statement
from apps.submissions import checks
from apps.submissions.choices import CellState, Method, Severity, State
from apps.submissions.models import Comment, Evidence, Seal, Submission
from apps.submissions.sheets import load_sheet
from apps.workforce.models import LabourRecord

pytestmark = pytest.mark.usefixtures("demo")

# As the company printed them for 2020: total, and density where it printed one.
PUBLISHED = [
    ("ENV-OUTPUT", "39641", "39,641"),
    ("ENV-RES-ELECTRICITY", "55320585", "55,320,585"),
    ("ENV-RES-DIESEL", "831", "831"),
    ("ENV-RES-COAL", "106352", "106,352"),
    ("ENV-RES-WATER", "129095", "129,095"),
    ("ENV-WASTE-WASTE_OIL", "16", "16.0"),
    ("ENV-WASTE-SOLID_WASTE", "30321", "30,321.0"),
    ("ENV-WASTE-RECYCLED_DUST", "339.8", "339.8"),
    ("ENV-WASTE-DOMESTIC_WASTE", "173", "173.0"),
    ("ENV-PACK-WRAP", "15", "15"),
]
PUBLISHED_DENSITIES = [
    ("ENV-RES-ELECTRICITY-D", "1,395.5"),
    ("ENV-RES-DIESEL-D", "0.021"),
    ("ENV-RES-COAL-D", "2.7"),
    ("ENV-RES-WATER-D", "3.3"),
]


SITES = ("HAMI", "BAISHAN")


@pytest.fixture(scope="module")
def figures(demo: str) -> dict[tuple[str, str], Figure]:
    """Approved figures of 2020 by code and site; "" is the group."""
    computed = compute(year=ReportingYear.objects.get(code="2020"), sites=list(Site.objects.all()))
    return {(figure.kpi.code, figure.site.code if figure.site else ""): figure for figure in computed.rows(group=True)}


@pytest.mark.parametrize(("code", "value", "display"), PUBLISHED)
def test_the_groups_year_is_the_published_one(
    figures: dict[tuple[str, str], Figure], code: str, value: str, display: str
) -> None:
    figure = figures[code, ""]
    assert figure.value == Decimal(value)
    assert figure.display == display
    assert figure.coverage.approved == figure.coverage.expected == 24


@pytest.mark.parametrize(("code", "display"), PUBLISHED_DENSITIES)
def test_the_groups_densities_are_the_published_ones(
    figures: dict[tuple[str, str], Figure], code: str, display: str
) -> None:
    assert figures[code, ""].display == display


@pytest.mark.parametrize(("code", "value", "display"), PUBLISHED)
def test_the_sites_as_printed_add_up_to_the_group_and_each_has_its_share(
    figures: dict[tuple[str, str], Figure], code: str, value: str, display: str
) -> None:
    shares = [
        round_half_up(figures[code, site].value or Decimal(0), figures[code, site].kpi.decimals) for site in SITES
    ]
    assert sum(shares) == Decimal(value)
    assert shares[0] > shares[1] > 0


def test_every_month_has_its_part_of_every_published_line() -> None:
    used = ResourceUse.objects.filter(submission__period__year__code="2020", quantity__gt=0)
    items = used.values_list("submission__site__code", "resource_item__code", "submission__period__code")
    months = Counter((site, item) for site, item, _month in items)
    assert set(months.values()) == {12}
    for model in (WasteRecord, PackagingUse):
        assert not model.objects.filter(quantity__lte=0).exists()


def test_the_split_says_that_it_is_illustrative() -> None:
    group = Group.objects.get()
    assert "illustrative" in group.notice_in("en")
    assert "示例" in group.notice_in("zh-hans")
    assert "示例" in group.notice_in("zh-hant")
    for language in ("en", "zh-hans", "zh-hant"):
        page = Client().get(reverse("account_login"), headers={"accept-language": language})
        assert group.notice_in(language).replace("'", "&#x27;") in page.content.decode()


def test_the_people_can_sign_in_and_do_their_part(demo: str) -> None:
    for person in PEOPLE:
        user = User.objects.get(username=person.username)
        assert user.check_password(person.password)
        validate_password(person.password, user)
        site = Site.objects.get(code=person.site).pk if person.site else None
        assert {(grant.role, grant.site_id, grant.section) for grant in policies.grants(user)} == {
            (role, site, section) for role in person.roles for section in person.sections_as(role)
        }
        assert f"{person.username} " in demo and person.password in demo
    assert {role for person in PEOPLE for role in person.roles} == set(Role)


def test_loading_once_more_changes_nothing_and_introduces_the_people_again() -> None:
    before = Change.objects.count(), list(Seal.objects.values_list("digest", flat=True))
    printed = StringIO()
    call_command("load_demo", "--once", stdout=printed)
    assert (Change.objects.count(), list(Seal.objects.values_list("digest", flat=True))) == before
    assert PEOPLE[0].password in printed.getvalue()
    with pytest.raises(CommandError, match="loaded already"):
        call_command("load_demo", stdout=StringIO())


def test_the_audit_holds() -> None:
    printed = StringIO()
    call_command("verify_audit", stdout=printed)
    assert "115 seal(s) hold" in printed.getvalue()


def test_2020_went_through_four_eyes() -> None:
    of_2020 = Submission.objects.filter(period__year__code="2020")
    assert of_2020.count() == 2 * (12 + 1 + 12 + 2 + 1 + 12 + 1 + 12 + 1 + 1)
    for submission in of_2020.select_related("site", "submitted_by", "approved_by"):
        assert submission.state == State.APPROVED
        assert submission.submitted_by and submission.approved_by
        assert submission.submitted_by.username == preparer_of(submission.site.code, submission.section).username
        assert submission.approved_by.username == "reviewer"
        assert [event.verb for event in submission.events.all()] == ["submitted", "approved"]
    written_by = Change.objects.filter(table="environment_resourceuse").values_list("actor_name", flat=True)
    assert set(written_by) == {"Clerk, Hami", "Clerk, Baishan"}


def test_2021_shows_every_state() -> None:
    states = {
        (submission.site.code, submission.period.code): submission.state
        for submission in Submission.objects.filter(section="environment", period__year__code="2021").with_place()
    }
    assert states["HAMI", "2021-01"] == State.APPROVED
    assert states["HAMI", "2021-02"] == State.SUBMITTED
    assert states["HAMI", "2021-03"] == State.RETURNED
    assert states["HAMI", "2021-04"] == State.DRAFT
    assert [states["BAISHAN", f"2021-0{month}"] for month in range(1, 6)] == ["submitted"] * 3 + ["draft"] * 2
    assert Submission.objects.late().filter(period__year__code="2021").count() > 10
    returned = Submission.objects.get(state=State.RETURNED, section="environment")
    questions = Comment.objects.filter(submission=returned, is_question=True, settled_at__isnull=True)
    assert set(questions.values_list("row", flat=True)) <= set(load_sheet(returned).rows)
    assert questions.count() == 2


def test_what_was_handed_in_is_explained_and_the_slip_in_the_draft_is_not() -> None:
    explained, slips = 0, []
    for submission in Submission.objects.with_place().filter(revision__gt=0):
        for finding in checks.run(load_sheet(submission)):
            if submission.state in (State.SUBMITTED, State.APPROVED):
                assert not finding.is_open
                explained += finding.severity == Severity.WARNING
            elif finding.severity == Severity.WARNING:
                slips.append((submission.site.code, submission.period.code, finding.code, finding.row))
    assert explained == 11
    assert slips == [("HAMI", "2021-04", "scale", "resource:electricity")]


def test_one_stack_test_exceeds_its_limit_and_waits_for_review() -> None:
    exceeding = StackTest.objects.all().exceeding().get()
    assert exceeding.submission.site.code == "BAISHAN"
    assert exceeding.submission.state == State.SUBMITTED
    assert not StackTest.objects.filter(submission__period__year__code="2020").exceeding().exists()


def test_cells_of_every_state_and_method_and_several_units_appear() -> None:
    assert set(ResourceUse.objects.values_list("state", flat=True)) == set(CellState)
    used = {
        method
        for model in (ResourceUse, WasteRecord, PackagingUse, LabourRecord)
        for method in model.objects.exclude(method="").values_list("method", flat=True)
    }
    assert used == set(Method)
    typed = set(ResourceUse.objects.values_list("entered_unit", flat=True))
    assert {"kWh", "万kWh", "L", "kg", "t", "m3"} <= typed
    in_10_000 = ResourceUse.objects.get(
        submission__site__code="HAMI", submission__period__code="2020-03", resource_item__code="electricity"
    )
    assert in_10_000.entered_unit == "万kWh"
    assert in_10_000.entered_value is not None
    assert in_10_000.quantity == in_10_000.entered_value * 10_000


def test_sites_answer_grades_and_sources_and_never_the_line_above_them() -> None:
    assert not SiteResource.objects.filter(resource_item__parts__isnull=False).exists()


def test_progress_on_targets_is_what_the_months_add_up_to(figures: dict[tuple[str, str], Figure]) -> None:
    density_of = {
        "electricity_2025": "ENV-RES-ELECTRICITY-D",
        "water_2025": "ENV-RES-WATER-D",
        "hazardous_waste": "ENV-WASTE-HAZ-D",
    }
    progress = TargetProgress.objects.select_related("target", "submission__site")
    assert progress.count() == 6
    for entry in progress:
        figure = figures[density_of[entry.target.code], entry.submission.site.code]
        assert figure.value is not None
        assert entry.quantity == round_half_up(figure.value, entry.target.decimals)
    assert {entry.target.base_year for entry in progress} == {2020}


def test_evidence_can_be_opened_and_is_the_same_each_time() -> None:
    kinds = {"application/pdf": b"%PDF-1.4", "image/png": b"\x89PNG\r\n"}
    assert Evidence.objects.count() == 11
    for evidence in Evidence.objects.all():
        with evidence.file.open("rb") as file:
            body = file.read()
        assert body.startswith(kinds[evidence.content_type])
        assert len(body) == evidence.size_bytes
    assert files.page("one|two") == files.page("one|two")
    assert b"Illustrative" in files.page("one|two")


def test_measures_of_the_report_are_there_for_both_sites() -> None:
    kinds = Measure.objects.filter(submission__period__year__code="2020").values_list("kind", flat=True)
    assert set(kinds) == {"energy", "emissions", "water", "waste", "nature"}
    assert set(Measure.objects.values_list("submission__site__code", flat=True)) == set(SITES)


def test_the_words_of_the_report_are_approved_with_their_figures_put_in() -> None:
    told = Statement.objects.filter(year__code="2020")
    assert set(told.values_list("code", flat=True)) == {values["code"] for values in rows("statements_2020.csv")}
    assert set(told.values_list("state", flat=True)) == {"approved"}
    begun = Statement.objects.filter(year__code="2021", carried_from__in=told)
    assert Counter(begun.values_list("state", flat=True)) == {"draft": 2, "submitted": 1}
    loaded = load_figures(ReportingYear.objects.get(code="2020"))
    content = build(loaded.year, loaded=loaded)
    printed = [text for provision in content["provisions"] for text in provision["statement"].values()]
    assert len(printed) == 3 * told.count() and not any("{" in text for text in printed)
    assert [target["current"] for target in content["targets"]] == [
        loaded.figures.of(code).value_text for code in ("ENV-RES-ELECTRICITY-D", "ENV-RES-WATER-D", "ENV-WASTE-HAZ-D")
    ]
