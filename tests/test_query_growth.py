"""What pages and saves cost does not grow with sites, rows or values, and long lists run along an index."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.sites import site as admin_site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.environment import models as environment
from apps.organisation.choices import Role
from apps.submissions import services
from apps.submissions.models import Submission
from tests.conftest import USUAL_MONTH
from tests.factories import AssignmentFactory, ResourceFactory, SiteFactory, World

Act = Callable[..., Submission]
SignIn = Callable[[User], Client]

MORE_SITES = 18
MORE_LINES = 34


def addresses(world: World) -> dict[str, list[tuple[User, str]]]:
    """Every list of the admin, and the pages of a preparer and a reviewer. March is handed in, April is a draft."""
    march, april = world.submission(world.hami, 3), world.submission(world.hami, 4)
    changelists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin_site._registry
        if model._meta.model_name not in ("group", "integritysettings")  # one row: their lists lead straight to it
    ]
    submissions = reverse("admin:submissions_submission_changelist")
    records = reverse("admin:environment_resourceuse_changelist")
    return {
        "admin": [(world.administrator, path) for path in changelists],
        "narrowed": [
            (world.auditor, f"{submissions}?q=hami"),
            (world.auditor, f"{submissions}?state=late"),
            (world.auditor, f"{records}?q=2020-3"),
            (world.auditor, f"{records}?submission__site__id__exact={world.hami.pk}"),
            (world.auditor, f"{records}?submission__period__year__id__exact={world.year.pk}"),
            (world.auditor, f"{reverse('admin:audit_change_changelist')}?q=clerk"),
        ],
        "review": [
            (world.reviewer, submissions),
            (world.reviewer, reverse("admin:submissions_submission_change", args=[march.pk])),
        ],
        "preparer": [
            (world.clerk, reverse("submissions:list")),
            (world.clerk, reverse("submissions:edit", args=[april.pk])),
            (world.clerk, reverse("submissions:edit", args=[march.pk])),
            (world.clerk, reverse("submissions:submit", args=[april.pk])),
            (world.clerk, reverse("submissions:history", args=[march.pk])),
        ],
        "everywhere": [
            (User.objects.get(username="everywhere"), reverse("submissions:my_work")),
            (User.objects.get(username="everywhere"), reverse("submissions:list")),
        ],
    }


def counted(world: World, sign_in: SignIn) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = {}
    clients: dict[int, Client] = {}
    for pages in addresses(world).values():
        for user, path in pages:
            client = clients.setdefault(user.pk, sign_in(user))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200, path
            counts[user.username, path] = len(queries)
    return counts


def more_sites(world: World) -> None:
    for _number in range(MORE_SITES):
        site = SiteFactory()
        environment.SiteProduct.objects.create(site=site, product=world.magnesium)
        environment.SiteResource.objects.create(site=site, resource_item=world.coal)
        AssignmentFactory(site=site)
    services.open_year(world.year)


@pytest.mark.django_db
def test_no_page_asks_more_of_twenty_sites_than_of_two(
    world: World, hand_in: Act, fill_in: Act, sign_in: SignIn
) -> None:
    world.person("everywhere", Role.PREPARER)
    hand_in(world.submission(world.hami, 3), world.clerk)
    fill_in(world.submission(world.hami, 4), world.clerk)
    counted(world, sign_in)  # what is cached at first use
    few = counted(world, sign_in)

    more_sites(world)
    for resource in ResourceFactory.create_batch(MORE_LINES):
        environment.SiteResource.objects.create(site=world.hami, resource_item=resource)
    for month in (5, 6):
        hand_in(world.submission(world.baishan, month), world.other_clerk)
        fill_in(world.submission(world.hami, month), world.clerk)
    many = counted(world, sign_in)

    grown = {place: (few[place], many[place]) for place in few if many[place] > few[place]}
    assert grown == {}


def form(client: Client, path: str) -> dict[str, str]:
    """The fields without which a page is not saved in full."""
    page = client.get(path).content.decode()
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return {name: value for name, value in found.items() if name == "revision" or name.endswith("_FORMS")}


@pytest.mark.django_db
def test_an_entry_page_and_its_save_cost_the_same_however_many_values(
    world: World, fill_in: Act, sign_in: SignIn
) -> None:
    resources = ResourceFactory.create_batch(MORE_LINES)
    for resource in resources:
        environment.SiteResource.objects.create(site=world.hami, resource_item=resource)
    fill_in(world.submission(world.hami, 3), world.clerk)
    april = world.submission(world.hami, 4)
    client, path = sign_in(world.clerk), reverse("submissions:edit", args=[april.pk])
    client.get(path)

    def save(values: dict[str, str]) -> int:
        sent = form(client, path) | {f"{row}:value": value for row, value in values.items()}
        with CaptureQueriesContext(connection) as queries:
            assert client.post(path, sent).status_code == 302
        return len(queries)

    one = save({"resource:coal": "5300"})
    many = save({f"resource:{resource.code}": str(number) for number, resource in enumerate(resources, start=1)})
    assert many == one
    every = save({row: cell.value for row, cell in USUAL_MONTH.items()} | {"resource:coal": "5301"})
    # One statement more for each further table, and the coal is changed where the others are new.
    assert every <= one + len(("production", "waste", "packaging", "resource"))
    assert one <= 14

    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    assert len(queries) <= 14  # two of them the savepoint in which the request runs


LISTS = {
    "admin:environment_resourceuse_changelist": "environment_resourceuse",
    "admin:audit_change_changelist": "audit_change",
    "admin:submissions_submissionevent_changelist": "submissions_submissionevent",
    "admin:submissions_seal_changelist": "submissions_seal",
    "admin:submissions_submission_changelist": "submissions_submission",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("view", "table"), LISTS.items())
def test_a_long_list_runs_along_an_index(view: str, table: str, world: World, hand_in: Act, sign_in: SignIn) -> None:
    """With sorting forbidden a plan sorts only where no index gives the order, or its beginning."""
    hand_in(world.submission(world.hami, 3), world.clerk)
    client = sign_in(world.auditor)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(view)).status_code == 200
    asked = [query["sql"] for query in queries]
    (page,) = {sql for sql in asked if sql.startswith(f'SELECT "{table}"') and "ORDER BY" in sql}
    page += "" if "LIMIT" in page else " LIMIT 50"  # few rows are shown without
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {page.replace('%', '%%')}")
        (explained,) = cursor.fetchone()
    plan = json.loads(explained) if isinstance(explained, str) else explained
    assert "Sort" not in kinds(plan[0]["Plan"])


def kinds(node: dict[str, Any]) -> set[str]:
    """The kinds of all steps of a plan."""
    found = {node["Node Type"]}
    for inner in node.get("Plans", ()):
        found |= kinds(inner)
    return found
