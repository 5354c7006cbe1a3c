"""The ways between the pages: from the report to what stands beside it, and from a published number to its source."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.submissions.models import Submission
from tests.api.published import publish
from tests.factories import World


def links(response: Any) -> set[str]:
    assert response.status_code == 200
    return set(re.findall(r'href="([^"#]+)', response.content.decode()))


def test_from_the_report_to_the_row_behind_a_published_number(
    world: World, approve: Callable[..., Submission], sign_in: Callable[[User], Client]
) -> None:
    form = approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    publish(world.year)
    client = sign_in(world.auditor)
    beside = {reverse("reporting:dashboard"), reverse("factors:list"), reverse("reporting:documents", args=["2020"])}
    assert beside <= links(client.get(reverse("reporting:home")))
    figure = reverse("indicators:figure", args=["2020", "ENV-RES-ELECTRICITY"]) + "?site=HAMI"
    assert figure in links(client.get(reverse("reporting:edition", args=["2020", 1]), {"site": "HAMI"}))
    assert reverse("submissions:edit", args=[form.pk]) in links(client.get(figure))
