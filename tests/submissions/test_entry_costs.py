"""What the entry page keeps in the process is never what it says: the database and the person are asked each time."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.environment.models import ResourceUse
from apps.organisation.models import Group, Membership
from apps.submissions import changelog, meanwhile
from apps.submissions.models import Submission
from apps.submissions.sheets import load_sheet
from tests.factories import PollutantFactory, StackFactory, World
from tests.submissions.pages import cells, registers, save

SignIn = Callable[[User], Client]


@pytest.fixture
def march(world: World) -> Submission:
    return world.submission(world.hami, 3)


def shown(client: Client, submission: Submission) -> str:
    response = client.get(reverse("submissions:edit", args=[submission.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def asked(client: Client, act: Callable[[], Any]) -> list[str]:
    """The statements of a request, with those of the session and the person.

    Left out is what only a test has: savepoints, and the name taken back within a transaction that goes on.
    """
    with CaptureQueriesContext(connection) as captured:
        act()
    only_here = ("SAVEPOINT", "RELEASE", "SELECT set_config('esgportal.actor', ''")
    return [query["sql"] for query in captured if not query["sql"].startswith(only_here)]


def test_a_page_and_its_save_ask_few_questions_whatever_the_number_of_values(
    world: World, sign_in: SignIn, march: Submission
) -> None:
    clerk = sign_in(world.clerk)
    fields = {**cells(), **registers(), "nothing:stack_test": "1"}
    save(clerk, march, fields)
    assert len(asked(clerk, lambda: shown(clerk, march))) <= 6
    other = {name: "77" if name.endswith(":value") else value for name, value in fields.items()}
    one = {**other, "resource:coal:value": "78"}
    # With one more of the helper, which looks the revision up.
    assert len(asked(clerk, lambda: save(clerk, march, other))) <= 9
    assert len(asked(clerk, lambda: save(clerk, march, one))) <= 9
    march.refresh_from_db()
    assert march.revision == 3
    assert ResourceUse.objects.get(submission=march, resource_item__code="coal").entered_value == 78


def test_an_empty_register_offers_what_the_catalogues_say_now(world: World, sign_in: SignIn, march: Submission) -> None:
    clerk = sign_in(world.clerk)
    stack = StackFactory.create(site=world.hami, name_en="Kiln one")
    pollutant = PollutantFactory.create(name_en="Dust of March")
    assert "Kiln one" in shown(clerk, march)
    assert "Dust of March" in shown(clerk, march)
    pollutant.name_en = "Dust renamed"
    pollutant.save()
    stack.valid_until = march.period.starts_on.replace(year=2019)
    stack.valid_from = stack.valid_until
    stack.save()
    page = shown(clerk, march)
    assert "Dust renamed" in page
    assert "Dust of March" not in page
    assert "Kiln one" not in page
    world.clerk.language = "zh-hans"
    world.clerk.save()
    assert "本期无" in shown(clerk, march)


def test_a_catalogue_row_that_was_changed_is_another_one(world: World, sign_in: SignIn, march: Submission) -> None:
    clerk = sign_in(world.clerk)
    save(clerk, march, cells())
    row = load_sheet(march).rows["resource:coal"]
    assert row.title in shown(clerk, march)
    type(row.item).objects.filter(pk=row.item.pk).update(name_en="Anthracite of the north")
    assert "Anthracite of the north" in shown(clerk, march)


def test_the_head_is_that_of_whoever_asks(world: World, sign_in: SignIn, march: Submission) -> None:
    clerk, reviewer = sign_in(world.clerk), sign_in(world.reviewer)
    address = reverse("submissions:edit", args=[march.pk])
    first = shown(clerk, march)
    second = reviewer.get(f"{address}?choose=<x>").content.decode()
    assert str(world.clerk) in first
    assert str(world.clerk) not in second
    assert str(world.reviewer) in second
    assert f'name="next" value="{address}"' in first
    assert f'name="next" value="{address}?choose=%3Cx%3E"' in second
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)) for page in (first, second)]
    assert all(tokens)
    assert not tokens[0] & tokens[1]
    assert reverse("admin:index") in second
    Group.objects.update(notice="Closed on Friday", name_en="Other name")
    assert "Closed on Friday" in shown(clerk, march)
    assert "Other name" in shown(clerk, march)


def test_a_role_that_is_taken_away_is_gone_with_the_next_page(world: World, sign_in: SignIn, march: Submission) -> None:
    clerk = sign_in(world.clerk)
    shown(clerk, march)
    Membership.objects.filter(user=world.clerk).delete()
    assert clerk.get(reverse("submissions:edit", args=[march.pk])).status_code == 404
    assert save(clerk, march, cells()).status_code == 404
    assert clerk.get(reverse("submissions:edit", args=[10**30])).status_code == 404


def test_nothing_happened_after_the_newest_revision(world: World, sign_in: SignIn, march: Submission) -> None:
    """The line of the revision stands behind the lines of its rows."""
    clerk = sign_in(world.clerk)
    save(clerk, march, cells())
    save(clerk, march, cells(**{"resource:coal": {"value": "5,301", "unit": "t"}}))
    march.refresh_from_db()
    sheet = load_sheet(march)
    assert not meanwhile.since(sheet, march.revision).rows
    assert list(meanwhile.since(sheet, march.revision - 1).rows) == ["resource:coal"]
    assert changelog.of_submission(march).filter(operation="U").count() == march.revision
