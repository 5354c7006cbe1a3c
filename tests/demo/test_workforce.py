"""The people of the demonstration's plants: figures anybody can add up from the files, and who may see what."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.demo.people import PEOPLE, WORKFORCE
from apps.organisation.policies import READING_ROLES
from apps.submissions import checks
from apps.submissions.choices import Severity, State
from apps.submissions.models import Evidence, NothingToReport, Submission
from apps.submissions.sheets import load_sheet
from apps.workforce.models import DiseaseCase, Injury, TrainingCourse, TrainingTopic, YearConvention
from tests.demo.computed import Computed, figures_of

pytestmark = pytest.mark.usefixtures("demo")

# At Hami, at Baishan and in the group.
OF_2020 = [
    ("WF-END", "400", "250", "650"),
    ("WF-START", "392", "254", "646"),
    ("WF-HIRED", "52", "22", "74"),
    ("WF-LEFT", "44", "26", "70"),
    ("WF-TURN", "11.0", "10.4", "10.8"),
    ("WF-LOCAL-SHARE", "52.0", "86.0", "65.1"),
    ("WF-TRAINED_P", "93.3", "94.4", "93.7"),
    ("WF-HOURS", "3,517.0", "2,176.0", "5,693.0"),
    ("WF-COURSE-HOURS", "3,517.0", "2,176.0", "5,693.0"),
    ("WF-COURSES", "11", "9", "20"),
    ("WF-HEADS", "394.3", "251.0", "645.3"),
    ("WF-INJ", "2", "1", "3"),
    ("WF-INJ-COMMUTING", "1", "0", "1"),
    ("WF-FATAL", "0", "0", "0"),
    ("WF-LOST", "19", "37", "56"),
    ("WF-DISEASE", "1", "0", "1"),
    ("WF-STD-IDENTITY_CHECKS", "52", "22", "74"),
    ("WF-STD-YOUNGEST_AGE", "19", "20", "19"),
    ("WF-STD-CHILD_LABOUR", "0", "0", "0"),
    ("WF-STD-FORCED_LABOUR", "0", "0", "0"),
]
# Three from Hong Kong at Hami and four senior managers at Baishan, each with what would give them away.
WITHHELD = {
    ("HONG_KONG", "HAMI"),
    ("HONG_KONG", ""),
    ("ELSEWHERE", "HAMI"),
    ("ELSEWHERE", ""),
    ("SENIOR", "BAISHAN"),
    ("SENIOR", "HAMI"),
    ("MIDDLE", "BAISHAN"),
    ("MIDDLE", "HAMI"),
}


@pytest.fixture(scope="module")
def figures(demo: str) -> Computed:
    return figures_of("2020")


def form(site: str, period: str, section: str) -> Submission:
    return Submission.objects.with_place().get(site__code=site, period__code=period, section=section)


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.mark.parametrize(("code", "hami", "baishan", "group"), OF_2020)
def test_figures_of_2020_are_those_of_the_files(
    figures: Computed, code: str, hami: str, baishan: str, group: str
) -> None:
    assert [figures[code, place].display for place in ("HAMI", "BAISHAN", "")] == [hami, baishan, group]


def test_lost_days_over_the_year_end_count_in_their_own_year(figures: Computed) -> None:
    case = Injury.objects.get(case_number="BS-GS-2020-01")
    months = [(case.submission.period.code, case.days_lost)]
    follow_ups = case.follow_ups.order_by("submission__period__starts_on")
    months += follow_ups.values_list("submission__period__code", "days_lost")
    assert months == [("2020-11", 14), ("2020-12", 23), ("2021-01", 20), ("2021-02", 9)]
    assert figures["WF-LOST", "BAISHAN"].value == 14 + 23
    assert figures_of("2021")["WF-LOST", "BAISHAN"].value == 20 + 9


def test_each_month_works_and_loses_what_people_can(figures: Computed) -> None:
    for site in ("HAMI", "BAISHAN"):
        hours, heads = figures["WF-WORKED", site].value, figures["WF-HEADMONTHS", site].value
        assert hours is not None and heads is not None
        assert 168 * heads < hours < 176 * heads
    assert (figures["WF-INJ-F", ""].display, figures["WF-INJ-S", ""].display) == ("2.25", "41.95")


def test_small_groups_are_withheld_with_what_gives_them_away(figures: Computed) -> None:
    heads = ("WF-END-", "WF-TRAINED-", "WF-HOURS-", "WF-LEFT-")
    for head in heads:
        withheld = {
            (code.removeprefix(head), place)
            for (code, place), figure in figures.items()
            if code.startswith(head) and not code.endswith("-D") and figure.is_withheld
        }
        assert withheld == WITHHELD
        assert all(figures[f"{head}{group}", place].value is None for group, place in WITHHELD)
    assert figures["WF-END-SENIOR", ""].value == 10
    revealed = figures_of("2020", reveal=True)
    assert revealed["WF-END-HONG_KONG", "HAMI"].value == 3
    assert revealed["WF-END-SENIOR", "BAISHAN"].value == 4


@pytest.mark.parametrize(
    ("code", "site", "employees"), [("WF-END-HONG_KONG", "HAMI", "400"), ("WF-HOURS-SENIOR", "BAISHAN", "250")]
)
def test_the_annual_report_withholds_them_from_everybody(code: str, site: str, employees: str) -> None:
    readers = [
        person.username
        for person in PEOPLE
        if person.site in ("", site)
        and set(person.roles) & set(READING_ROLES)
        and (not person.sections or set(WORKFORCE) & set(person.sections))
    ]
    assert readers == [f"hr-{site.lower()}", "reviewer", "lead-reviewer", "lead-reviewer-finance", "auditor"]
    for username in [*readers, "administrator"]:
        file = client_of(username).get(reverse("indicators:export", args=["2020", "csv"]), {"site": site})
        values = {row[1]: row[5] for row in csv.reader(StringIO(file.content.decode("utf-8-sig")))}
        assert (values["WF-END"], values[code]) == (employees, "")


def test_whoever_enters_them_sees_them_on_the_entry_page() -> None:
    response = client_of("hr-hami").get(reverse("submissions:edit", args=[form("HAMI", "2020", "workforce").pk]))
    tables = response.context["page"].tables
    values = {row.id: row.value for table in tables if hasattr(table, "rows") for row in table.rows}
    assert values["headcount:year_end/hong_kong"] == "3"
    assert values["headcount:year_end/local"] == "208"


@pytest.mark.parametrize(
    ("username", "site", "section", "status"),
    [
        ("hr-hami", "HAMI", "safety_training", 200),
        ("hr-hami", "HAMI", "environment", 404),
        ("hr-hami", "BAISHAN", "safety_training", 404),
        ("clerk-hami", "HAMI", "environment", 200),
        ("clerk-hami", "HAMI", "safety_training", 404),
        ("clerk-baishan", "BAISHAN", "safety_training", 404),
        ("administrator", "HAMI", "environment", 200),
        ("administrator", "HAMI", "safety_training", 404),
        ("auditor", "BAISHAN", "safety_training", 200),
        ("reviewer", "BAISHAN", "safety_training", 200),
    ],
)
def test_rows_about_people_are_for_those_who_work_on_them(username: str, site: str, section: str, status: int) -> None:
    page = client_of(username).get(reverse("submissions:edit", args=[form(site, "2020-05", section).pk]))
    assert page.status_code == status


@pytest.mark.parametrize("username", ["clerk-hami", "administrator"])
@pytest.mark.parametrize("section", ["workforce", "labour_standards"])
def test_nobody_else_sees_the_forms_of_the_year(username: str, section: str) -> None:
    page = client_of(username).get(reverse("submissions:edit", args=[form("HAMI", "2020", section).pk]))
    assert page.status_code == 404


def test_2021_shows_every_state() -> None:
    of_2021 = Submission.objects.filter(section="safety_training", period__year__code="2021").with_place()
    states = {(submission.site.code, submission.period.code): submission.state for submission in of_2021}
    expected = {
        "HAMI": [State.APPROVED, State.APPROVED, State.SUBMITTED, State.DRAFT, State.DRAFT],
        "BAISHAN": [State.APPROVED, State.APPROVED, State.RETURNED, State.DRAFT, State.DRAFT],
    }
    for site, in_order in expected.items():
        assert [states[site, f"2021-0{month}"] for month in range(1, 6)] == in_order
    assert YearConvention.objects.get().year.code == "2021"


def test_an_open_case_waits_for_its_line_in_the_draft() -> None:
    sheet = load_sheet(form("HAMI", "2021-04", "safety_training"))
    assert sheet.rows["labour:hours_worked"].record
    errors = {finding.code for finding in checks.run(sheet) if finding.severity == Severity.ERROR}
    assert errors == {"missing", "open_case"}


def test_every_topic_is_taught_and_months_without_anything_say_so() -> None:
    topics = set(TrainingTopic.objects.values_list("code", flat=True))
    for site in ("HAMI", "BAISHAN"):
        held = TrainingCourse.objects.filter(submission__site__code=site, submission__period__year__code="2020")
        assert set(held.values_list("topic__code", flat=True)) == topics
    stated = NothingToReport.objects.filter(
        submission__period__code="2020-07", submission__site__code="HAMI", submission__section="safety_training"
    )
    assert {"injury", "disease", "course"} == set(stated.values_list("table", flat=True))


def test_accident_and_course_have_their_paper() -> None:
    papers = {
        evidence.row: evidence.submission.period.code
        for evidence in Evidence.objects.filter(submission__section="safety_training").select_related(
            "submission__period"
        )
    }
    burn = Injury.objects.get(case_number="HM-GS-2020-01")
    drill = TrainingCourse.objects.get(topic__code="fire", held_on="2020-06-10", submission__site__code="HAMI")
    assert papers == {f"injury:{burn.pk}": "2020-05", f"course:{drill.pk}": "2020-06"}
    assert (drill.women, drill.men, drill.hours) == (51, 185, Decimal(2))
    assert DiseaseCase.objects.get().category.code == "ear_nose_throat"
