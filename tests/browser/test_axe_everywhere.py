"""axe on every page there is: the URLs come from the resolver, the readers from the permission table."""

from collections.abc import Callable

import pytest

from apps.submissions.models import Submission
from tests.browser.conftest import Visitor
from tests.factories import World
from tests.permissions.test_every_url import URLS, Places, read_table

pytestmark = pytest.mark.browser

Act = Callable[..., Submission]

# Answers that are files, or lead elsewhere, have nothing to look at; signing out would end the walk.
NO_PAGE = {
    "submissions:evidence", "indicators:export", "admin:indicators_annualfigures_export", "admin:jsi18n",
    "account_logout", "admin:submissions_record_export", "submissions:styleguide", "workforce:roster_template",
    "supply_chain:suppliers_export", "supply_chain:suppliers_template", "supply_chain:assessment_file",
    "supply_chain:bid_file", "product:certificate_file", "integrity:campaign_export", "integrity:holders_template",
    "integrity:holders_problems", "integrity:receipt_pdf", "integrity:receipt_json",
    "api:openapi", "jobs:status", "healthz", "readyz", "reporting:edition_file", "reporting:template_file",
}  # fmt: skip
# What this role sees elsewhere, others see as well.
ONLY = {"lead": ("factors:", "jobs:", "reporting:")}


def pages_of(role: str) -> list[str]:
    return [
        name
        for (name, method), answers in read_table().items()
        if method == "get" and answers[role] == "200" and name not in NO_PAGE and name.startswith(ONLY.get(role, ""))
    ]


@pytest.mark.parametrize(
    ("role", "language"),
    [
        ("clerk", "zh-hans"),
        ("reviewer", "en"),
        ("lead", "zh-hant"),
        ("administrator", "zh-hant"),
        ("declarant", "zh-hans"),
        ("officer", "zh-hans"),
    ],
)
def test_axe_finds_nothing_on_any_page(
    world: World,
    visit: Callable[..., Visitor],
    approve: Act,
    hand_in: Act,
    fill_in: Act,
    role: str,
    language: str,
) -> None:
    places = Places(world, approve, hand_in, fill_in)
    visitor = visit(places.people[role], language=language)
    found: list[str] = []
    for name in pages_of(role):
        visitor.open(places.url(name, URLS[name]))
        found += visitor.violations()
    assert found == []
