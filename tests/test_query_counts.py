"""How many queries a page costs, recorded in query_counts.json, and that it does not grow with the data.

After a wanted change run once with RECORD_QUERY_COUNTS=1 and read the difference.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.anti_corruption.models import Campaign
from apps.submissions.models import Submission
from tests.anti_corruption.everything import put_integrity
from tests.factories import World

RECORDED = Path(__file__).with_name("query_counts.json")

Act = Callable[..., Submission]


def pages(world: World) -> dict[str, tuple[User, str]]:
    """Each page with somebody who reads it. March of Hami is handed in, April is a draft."""
    march, april = world.submission(world.hami, 3), world.submission(world.hami, 4)
    officer = User.objects.get(username="officer")
    return {
        "my work, clerk": (world.clerk, reverse("submissions:my_work")),
        "my work, auditor": (world.auditor, reverse("submissions:my_work")),
        "submissions, clerk": (world.clerk, reverse("submissions:list")),
        "submissions, auditor": (world.auditor, reverse("submissions:list")),
        "entry page, open": (world.clerk, reverse("submissions:edit", args=[april.pk])),
        "entry page, locked": (world.clerk, reverse("submissions:edit", args=[march.pk])),
        "handing in": (world.clerk, reverse("submissions:submit", args=[april.pk])),
        "history": (world.clerk, reverse("submissions:history", args=[march.pk])),
        "annual figures, group": (world.auditor, reverse("indicators:year", args=["2020"])),
        "annual figures, site": (world.clerk, reverse("indicators:year", args=["2020"])),
        "figure": (world.auditor, reverse("indicators:figure", args=["2020", "ENV-RES-ELECTRICITY"])),
        "registers": (world.clerk, reverse("submissions:places")),
        "suppliers": (world.clerk, reverse("supply_chain:suppliers")),
        "tenders": (world.clerk, reverse("supply_chain:tenders")),
        "certificates": (world.clerk, reverse("product:certificates")),
        "declarations": (User.objects.get(username="declarant"), reverse("integrity:declarations")),
        "documents": (world.clerk, reverse("integrity:documents")),
        "gifts": (officer, reverse("integrity:gifts")),
        "holders": (officer, reverse("integrity:holders")),
        "rounds": (officer, reverse("integrity:campaigns")),
        "round": (officer, reverse("integrity:campaign", args=[Campaign._default_manager.latest("pk").pk])),
        "conflicts": (officer, reverse("integrity:conflicts")),
        "import": (world.clerk, reverse("exchange:import")),
        "export": (world.clerk, reverse("exchange:export")),
        "review: start page": (world.reviewer, reverse("admin:index")),
        "review: submissions": (world.reviewer, reverse("admin:submissions_submission_changelist")),
        "review: one submission": (world.reviewer, reverse("admin:submissions_submission_change", args=[march.pk])),
        "admin: records": (world.auditor, reverse("admin:environment_resourceuse_changelist")),
        "admin: audit trail": (world.auditor, reverse("admin:audit_change_changelist")),
        "admin: events": (world.auditor, reverse("admin:submissions_submissionevent_changelist")),
        "admin: people": (world.administrator, reverse("admin:accounts_user_changelist")),
        "admin: roles": (world.administrator, reverse("admin:organisation_membership_changelist")),
        "admin: resources": (world.administrator, reverse("admin:environment_resource_changelist")),
        "admin: periods": (world.administrator, reverse("admin:organisation_period_changelist")),
    }


def counted(world: World) -> dict[str, int]:
    counts = {}
    for name, (user, path) in pages(world).items():
        client = Client()
        client.force_login(user)
        client.get(path)  # what is cached at first use is not this page's cost
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200, name
        counts[name] = len(queries)
    return counts


@pytest.mark.django_db
def test_pages_cost_what_is_recorded_and_do_not_grow(world: World, approve: Act, hand_in: Act, fill_in: Act) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    approve(world.submission(world.hami, 2), world.clerk, world.reviewer)
    hand_in(world.submission(world.hami, 3), world.clerk)
    fill_in(world.submission(world.hami, 4), world.clerk)
    put_integrity(world)
    few = counted(world)

    for month in (5, 6, 7):
        approve(world.submission(world.hami, month), world.clerk, world.reviewer)
        approve(world.submission(world.baishan, month), world.other_clerk, world.reviewer)
        hand_in(world.submission(world.hami, month + 3), world.clerk)
        fill_in(world.submission(world.baishan, month + 3), world.other_clerk)
    many = counted(world)

    grown = {name: (few[name], many[name]) for name in few if many[name] > few[name]}
    assert grown == {}
    if os.environ.get("RECORD_QUERY_COUNTS"):
        RECORDED.write_text(json.dumps(many, indent=2) + "\n")
    assert many == json.loads(RECORDED.read_text())
