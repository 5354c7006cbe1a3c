"""Every URL asked by every role, GET and POST, against a table that people read: permissions.csv.

The URLs come from the resolver, so none can be left out. After a wanted change, run once with RECORD_PERMISSIONS=1
and read the difference line by line. The objects asked for belong to Hami; ``other_clerk`` works at Baishan.
"""

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.models import User
from apps.audit.models import Change
from apps.environment import models as environment
from apps.jobs import services
from apps.organisation.models import Site
from apps.submissions.models import Comment, Evidence, Submission
from tests.anti_corruption.everything import put_integrity
from tests.community.records import put_community
from tests.factories import EmissionLimitFactory, PollutantFactory, StackFactory, TargetFactory, World
from tests.permissions.people import put_people
from tests.permissions.report import put_report
from tests.product_responsibility.records import put_products
from tests.supply_chain.suppliers import put_suppliers, put_tender_year
from tests.supply_chain.tenders import put_tender

TABLE = Path(__file__).with_name("permissions.csv")
ROLES = (
    "anonymous", "stranger", "clerk", "other_clerk", "reviewer", "lead", "auditor", "administrator",
    "declarant", "officer", "other_officer", "integrity_auditor",
)  # fmt: skip

# Open to people who are not signed in: everything else sends them to the sign-in page.
PUBLIC = {"account_login", "account_inactive", "set_language", "admin:login", "api:openapi", "healthz", "readyz"}

Act = Callable[..., Submission]


def walk(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield ":".join([*spaces, entry.name]), entry
        else:
            yield from walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces)


URLS = dict(walk(get_resolver()))


class Places:
    """The object each URL is asked with."""

    def __init__(self, world: World, approve: Act, hand_in: Act, fill_in: Act) -> None:
        approved = approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
        self.submitted = hand_in(world.submission(world.hami, 2), world.clerk)
        draft = fill_in(world.submission(world.hami, 3), world.clerk)
        stack, dust = StackFactory(site=world.hami), PollutantFactory()
        evidence = Evidence(
            submission=draft,
            name="bill.txt",
            content_type="text/plain",
            size_bytes=3,
            sha256="x",
            uploaded_by=world.clerk,
        )
        evidence.file.save("bill.txt", ContentFile(b"abc"), save=True)
        question = Comment.objects.create(
            submission=self.submitted, text="Which meter?", is_question=True, author=world.reviewer
        )
        target = TargetFactory()
        environment.SiteTarget.objects.create(site=world.hami, target=target)
        EmissionLimitFactory(stack=stack, stack_type="", pollutant=dust)
        people = put_people(world)
        products, suppliers, tender = put_products(world), put_suppliers(world), put_tender(world)
        put_tender_year(world, tender["pk"])
        integrity, declarant, declared = put_integrity(world)
        self.people: dict[str, User] = {
            **{role: getattr(world, role) for role in ROLES if hasattr(world, role)},
            "declarant": declarant,
            "officer": integrity.officer,
            "other_officer": integrity.baishan_officer,
            "integrity_auditor": integrity.reader,
        }
        put_community(world)
        pack = {"year": "2020", "kpi": "ENV-OUTPUT"}
        job = services.start("evidence_pack", user=world.lead, arguments=pack, title="Evidence pack")
        self.special: dict[str, dict[str, Any]] = {
            "submissions:evidence": {"pk": evidence.pk},
            "submissions:evidence_delete": {"pk": evidence.pk},
            "indicators:year": {"year": "2020"},
            "indicators:site_years": {"code": world.hami.code},
            "indicators:figure": {"year": "2020", "code": "ENV-OUTPUT"},
            "indicators:export": {"year": "2020", "file_format": "csv"},
            "admin:indicators_annualfigures_export": {"year": "2020", "file_format": "csv"},
            "admin:submissions_submission_settle": {"pk": self.submitted.pk, "comment_pk": question.pk},
            "admin:submissions_submission_bulk": {"verb": "approve"},
            "admin:submissions_submission_reopen": {"pk": approved.pk},
            "admin:app_list": {"app_label": "environment"},
            **{name: {"digest": "0" * 64} for name in URLS if "digest" in URLS[name].pattern.converters},
            **products,
            **suppliers,
            **declared,
            **{
                name: _named(tender, URLS[name])
                for name in URLS
                if name.startswith(("supply_chain:tender", "supply_chain:bid"))
            },
            **put_report(world, target.code, URLS),
            **{name: {"pk": job.pk} for name in URLS if name.startswith("jobs:") and name != "jobs:list"},
            "workforce:roster": {"pk": people.pk},
            "workforce:roster_template": {"pk": people.pk},
            "workforce:roster_check": {"pk": people.pk, "digest": "0" * 64},
            "workforce:roster_apply": {"pk": people.pk, "digest": "0" * 64},
        }
        self.draft = draft
        self.world = world

    def url(self, name: str, pattern: URLPattern) -> str:
        if name in self.special:
            return reverse(name, kwargs=self.special[name])
        wanted = set(pattern.pattern.converters)
        if not wanted:
            return reverse(name)
        if name.startswith("admin:"):
            return reverse(name, args=[self.object_id(name)])
        return reverse(name, kwargs={"pk": self.draft.pk})

    def object_id(self, name: str) -> Any:
        """A row of the model that an admin URL is about: of Hami where the model knows sites."""
        page = name.removeprefix("admin:")
        label = max((app.label for app in apps.get_app_configs() if page.startswith(f"{app.label}_")), key=len)
        model = apps.get_model(label, page.removeprefix(f"{label}_").split("_")[0])
        if model is Submission:
            return self.submitted.pk
        if model is User:
            return self.world.clerk.pk
        if model is Site:
            return self.world.hami.pk
        rows: Any = model._default_manager.order_by("pk")
        fields = {field.name for field in model._meta.get_fields()}
        if model is Change:
            rows = rows.filter(submission_id=self.submitted.pk)
        elif "submission" in fields:
            rows = rows.filter(submission__site=self.world.hami)
        elif "site" in fields:
            rows = rows.filter(site=self.world.hami)
        row = rows.first()
        return row.pk if row is not None else 0


def is_for_programs(name: str) -> bool:
    """Whether the URL is one of the API itself, and not of the pages on which its tokens are kept."""
    return name.startswith("api:") and not name.startswith("api:token")


def _named(keys: dict[str, int], pattern: URLPattern) -> dict[str, int]:
    """Of the keys of a tender those that the address takes."""
    return {name: keys[name] for name in pattern.pattern.converters}


def ask(client: Client, method: str, url: str) -> str:
    with transaction.atomic():
        response = getattr(client, method)(url)
        if response.streaming:
            b"".join(response.streaming_content)  # read to its end, a file is closed
        transaction.set_rollback(True)
    status = str(response.status_code)
    if status == "302" and "/login/" in response["Location"]:
        return "sign in"
    return status


def signed_in(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def measured(places: Places, roles: Sequence[str]) -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {
        (name, method): {} for name in sorted(URLS) for method in ("get", "post")
    }
    for role in roles:
        cookies = signed_in(places.people[role]) if role != "anonymous" else {}
        for name, method in found:
            client = Client()
            client.cookies.load(cookies)
            if name.startswith("account_"):
                cache.clear()  # signing in is throttled, and this is a flood
            found[name, method][role] = ask(client, method, places.url(name, URLS[name]))
    return found


def read_table() -> dict[tuple[str, str], dict[str, str]]:
    if not TABLE.exists():
        return {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(line["url"], line["method"]): {role: line[role] for role in ROLES} for line in csv.DictReader(file)}


def write_table(found: dict[tuple[str, str], dict[str, str]]) -> None:
    """Writes what was found; what other roles were answered stays."""
    before = read_table()
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["url", "method", *ROLES], lineterminator="\n")
        writer.writeheader()
        for (name, method), answers in found.items():
            writer.writerow({"url": name, "method": method, **before.get((name, method), {}), **answers})


# In two halves, so that two workers can share the walk.
@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.django_db
def test_every_url_answers_every_role_as_the_table_says(
    world: World, approve: Act, hand_in: Act, fill_in: Act, half: int
) -> None:
    roles = ROLES[half::2]
    found = measured(Places(world, approve, hand_in, fill_in), roles)
    if os.environ.get("RECORD_PERMISSIONS"):
        write_table(found)
    table = read_table()
    different = {
        place: wrong
        for place, answers in found.items()
        if (
            wrong := {
                role: (table.get(place, {}).get(role), answer)
                for role, answer in answers.items()
                if table.get(place, {}).get(role) != answer
            }
        )
    }
    assert different == {}
    assert set(table) == set(found), "the table names URLs that are gone"


def test_the_table_lets_no_one_in_who_is_not_signed_in() -> None:
    for (name, method), answers in read_table().items():
        if name not in PUBLIC and not is_for_programs(name):
            assert answers["anonymous"] == "sign in", (name, method)


def test_the_table_opens_nothing_of_the_api_without_a_token() -> None:
    asked = [(name, set(answers.values())) for (name, method), answers in read_table().items() if method == "get"]
    asked = [(name, answers) for name, answers in asked if is_for_programs(name) and name not in PUBLIC]
    assert len(asked) > 8
    for name, answers in asked:
        assert answers == ({"404"} if name in ("api:nothing", "api:api-root") else {"401"}), name


def test_the_table_lets_no_stranger_see_anything_of_a_site() -> None:
    """Somebody with no role reaches pages of their own account and empty lists, and no object."""
    for (name, method), answers in read_table().items():
        if URLS[name].pattern.converters and name not in PUBLIC and not is_for_programs(name):
            assert answers["stranger"] in ("403", "404", "405", "302"), (name, method)


def test_the_table_closes_what_people_declare_to_every_other_role() -> None:
    """Reviewers, auditors and administrators are strangers to it, and so are the officers of another site."""
    others = ("stranger", "clerk", "other_clerk", "reviewer", "lead", "auditor", "administrator", "other_officer")
    asked = [(name, answers) for (name, _method), answers in read_table().items() if _is_about_somebody(name)]
    assert len(asked) > 30
    for name, answers in asked:
        assert {answers[role] for role in others} <= {"404", "405"}, name


def _is_about_somebody(name: str) -> bool:
    about = ("duty", "declaration", "receipt", "gift", "conflict", "case", "refusal", "campaign")
    return name.startswith(tuple(f"integrity:{word}" for word in about)) and bool(URLS[name].pattern.converters)


def test_the_table_lets_nobody_change_records_in_the_admin() -> None:
    kept = {"productionoutput", "resourceuse", "wasterecord", "packaginguse", "stacktest", "measure", "targetprogress",
            "submissionevent", "seal", "change", "workforcecount", "rosterupload", "labourrecord", "standardrecord",
            "remedy", "injury", "injuryfollowup", "diseasecase", "safetymeasure", "trainingcourse",
            "supplieryear", "tenderyear", "supplypractice", "supplier", "assessment", "tender",
            "productsale", "complaint", "complaintclosing", "recall", "statementrecord", "productpractice",
            "certificateheld", "contribution", "localhiringrecord", "hiringarrangement",
            "scopethreeemission"}  # fmt: skip
    verbs = ("add", "change", "delete")
    for (name, method), answers in read_table().items():
        if method == "post" and any(name.endswith(f"_{model}_{verb}") for model in kept for verb in verbs):
            assert set(answers.values()) <= {"403", "sign in"}, name
