"""My work and the list of forms: what they show to whom, and that they cost what they show."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.environment.models import SiteResource
from apps.submissions import services, workflow
from apps.submissions.models import Submission
from apps.submissions.tasks import tasks_for
from tests.factories import ReportingYearFactory, ResourceFactory, SiteFactory, SupplierFactory, World
from tests.submissions.pages import cells, save

SignIn = Callable[[User], Client]
Act = Callable[..., Submission]

MY_WORK = "submissions:my_work"


@pytest.fixture
def clerk(world: World, sign_in: SignIn) -> Client:
    return sign_in(world.clerk)


def queries(client: Client, url: str, **query: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, query).status_code == 200
    return len(captured)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_open_forms_of_the_own_site_by_due_date(world: World, clerk: Client, fill_in: Act) -> None:
    fill_in(world.submission(world.hami, 2), world.clerk)
    duties = clerk.get(reverse(MY_WORK)).context["duties"]
    assert [duty.submission.period.code for duty in duties] == [f"2020-{month:02}" for month in range(1, 13)]
    assert {duty.submission.site for duty in duties} == {world.hami}
    assert [(duty.rows_answered, duty.rows_expected) for duty in duties[:2]] == [(0, 6), (6, 6)]
    assert duties[0].mark.code == "late"
    assert duties[0].anchor == "production:magnesium:value"
    assert duties[0].days_late > 0


def test_what_came_back_is_first_with_the_reviewers_words(world: World, clerk: Client, hand_in: Act) -> None:
    may = hand_in(world.submission(world.hami, 5), world.clerk)
    with acting_as(world.reviewer, "test"):
        workflow.send_back(
            submission_id=may.pk,
            user=world.reviewer,
            comment="Please look at diesel.",
            rows=[("resource:diesel", "Whose invoice?")],
        )
    response = clerk.get(reverse(MY_WORK))
    first = response.context["duties"][0]
    assert first.submission == may
    assert (first.mark.code, first.anchor, first.open_questions) == ("returned", "row-resource:diesel", 1)
    assert "Please look at diesel." in text_of(response)


def test_periods_to_come_do_not_clutter_the_list(world: World, clerk: Client) -> None:
    future = ReportingYearFactory(code=str(dt.date.today().year + 2))
    services.open_year(future)
    assert not [duty for duty in clerk.get(reverse(MY_WORK)).context["duties"] if duty.submission.period.year == future]


def test_says_so_when_nothing_is_open(world: World, sign_in: SignIn) -> None:
    assert "Nothing here is yours to fill in" in text_of(sign_in(world.auditor).get(reverse(MY_WORK)))
    assert reverse("admin:index") in text_of(sign_in(world.reviewer).get(reverse(MY_WORK)))
    newcomer = world.person("newcomer", "preparer", world.hami)
    newcomer.memberships.update(section="environment_targets")
    assert "Nothing is open" in text_of(sign_in(newcomer).get(reverse(MY_WORK)))


def test_approved_lately(world: World, clerk: Client, approve: Act) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    approve(world.submission(world.baishan, 1), world.other_clerk, world.reviewer)
    assert [row.site for row in clerk.get(reverse(MY_WORK)).context["approved"]] == [world.hami]


def test_my_work_asks_the_same_number_of_questions_for_any_number_of_forms(
    world: World, clerk: Client, fill_in: Act
) -> None:
    fill_in(world.submission(world.hami, 1), world.clerk)
    few = queries(clerk, reverse(MY_WORK))
    assert len(clerk.get(reverse(MY_WORK)).context["duties"]) == 12
    for year in ("2016", "2017", "2018", "2019"):
        services.open_year(ReportingYearFactory(code=year))
    fill_in(world.submission(world.hami, 1, "2016"), world.clerk)
    assert len(clerk.get(reverse(MY_WORK)).context["duties"]) == 50
    assert queries(clerk, reverse(MY_WORK)) == few <= 30


def test_who_has_nothing_else_to_do_is_asked_so_once_for_all_kinds(world: World) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert tasks_for(world.clerk) == []
    assert len(captured) == 1
    SupplierFactory.create()
    with CaptureQueriesContext(connection) as captured:
        tasks_for(world.clerk)
    assert len(captured) == 3, "with the roles of the person: of suppliers there may be something, of nothing else"


def test_the_list_narrows_and_asks_no_more_for_more(world: World, clerk: Client, sign_in: SignIn) -> None:
    url = reverse("submissions:list")
    everything = clerk.get(url).context["page"].paginator.count
    assert everything == 12
    reader = sign_in(world.auditor)
    assert reader.get(url).context["page"].paginator.count == 24
    assert reader.get(url, {"site": "HAMI"}).context["page"].paginator.count == 12
    assert reader.get(url, {"state": "late"}).context["page"].paginator.count == 24
    assert reader.get(url, {"state": "approved"}).context["page"].paginator.count == 0
    assert reader.get(url, {"year": "1999", "page": "x", "state": "?"}).status_code == 200
    # Another site's name in the address opens nothing.
    assert clerk.get(url, {"site": "BAISHAN"}).context["page"].paginator.count == 12
    few = queries(reader, url, year="2020")
    services.open_year(ReportingYearFactory(code="2021"))
    services.open_year(ReportingYearFactory(code="2022"))
    assert len(reader.get(url).context["lines"]) == 50
    assert queries(reader, url) == few <= 12


def test_among_many_sites_one_is_searched_for(world: World, sign_in: SignIn) -> None:
    url = reverse("submissions:list")
    reader = sign_in(world.auditor)
    assert '<select name="site"' in reader.get(url).content.decode()
    SiteFactory.create_batch(49)
    assert '<select name="site"' not in reader.get(url).content.decode()
    for typed in ("hami", "Hami", world.hami.name_zh_hans[:2], world.hami.name_zh_hant[:2]):
        assert {line.site for line in reader.get(url, {"site": typed}).context["lines"]} == {world.hami}, typed
    assert reader.get(url, {"site": "nowhere"}).context["page"].paginator.count == 0
    assert reader.get(url, {"site": "%"}).context["page"].paginator.count == 0
    # Whoever sees one site finds no other by its name.
    assert sign_in(world.clerk).get(url, {"site": "BAISHAN"}).context["page"].paginator.count == 12


def test_the_entry_page_asks_the_same_number_of_questions_for_any_number_of_rows(
    world: World, clerk: Client, fill_in: Act, approve: Act
) -> None:
    approve(world.submission(world.hami, 2), world.clerk, world.reviewer)
    march = fill_in(world.submission(world.hami, 3), world.clerk)
    url = reverse("submissions:edit", args=[march.pk])
    few = queries(clerk, url)
    for number in range(30):
        item = ResourceFactory(code=f"more_{number}", unit_code="t")
        SiteResource.objects.create(site=world.hami, resource_item=item)
    save(clerk, march, cells(**{f"resource:more_{number}": {"value": "1", "unit": "t"} for number in range(30)}))
    assert len(clerk.get(url).context["page"].tables[1].rows) == 33
    assert queries(clerk, url) == few <= 26


def test_the_history_asks_no_more_for_more_changes(world: World, clerk: Client) -> None:
    march = world.submission(world.hami, 3)
    url = reverse("submissions:history", args=[march.pk])
    save(clerk, march, cells())
    few = queries(clerk, url)
    for value in range(5):
        save(clerk, march, cells(**{"resource:coal": {"value": str(value), "unit": "t"}}))
    assert queries(clerk, url) == few <= 17
