"""Lists that are written at once and read along an index say what the plain way says."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.sites import site as admin_site
from django.contrib.admin.templatetags.admin_list import results
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Change
from apps.core.admin_rows import rows_of
from apps.core.paging import CappedPaginator, KeysFirstPaginator
from apps.environment.models import ResourceUse
from apps.organisation.choices import Role
from apps.organisation.models import ReportingYear
from apps.submissions import services
from apps.submissions.models import Submission
from tests.factories import ReportingYearFactory, ResourceFactory, World

Act = Callable[..., Submission]
SignIn = Callable[[User], Client]

TRAIL = "admin:audit_change_changelist"


@pytest.mark.django_db
def test_the_rows_of_every_list_are_those_of_django(world: World, hand_in: Act, sign_in: SignIn) -> None:
    hand_in(world.submission(world.hami, 3), world.clerk)
    ResourceFactory(code="odd", name_en="<b>\"Odd\" & 'so'</b>")
    compared: dict[str, int] = {}
    for model in admin_site._registry:
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for user in (world.lead, world.administrator):
            page = sign_in(user).get(f"{path}?q=a") if user == world.lead else sign_in(user).get(path)
            # Closed to this person, a table of one row, or a page of its own.
            if page.status_code != 200 or "cl" not in page.context:
                continue
            listed: Any = page.context["cl"]
            theirs = "\n".join(f"<tr>{''.join(cells)}</tr>" for cells in results(listed))
            assert rows_of(listed) == theirs, path
            assert theirs in page.content.decode()
            compared[path] = compared.get(path, 0) + len(listed.result_list)
    assert len([path for path, rows in compared.items() if rows]) > 15
    assert "&lt;b&gt;" in sign_in(world.administrator).get("/admin/environment/resource/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?operation__exact=U",
        "?table=environment_resourceuse",
        "?q=clerk-hami",
        "?p=2",
        "?table=submissions_submission",
    ],
)
def test_who_sees_one_site_finds_its_changes_in_the_trail(
    query: str, world: World, hand_in: Act, sign_in: SignIn
) -> None:
    world.clerk.full_name = "clerk-hami"
    world.clerk.save()
    for month in range(1, 7):
        hand_in(world.submission(world.hami, month), world.clerk)
        hand_in(world.submission(world.baishan, month), world.other_clerk)
    client = sign_in(world.person("reviewer-hami", Role.REVIEWER, world.hami))
    with CaptureQueriesContext(connection) as queries:
        listed: Any = client.get(f"{reverse(TRAIL)}{query}").context["cl"]
    # The scope as it stands in the list's own question, which the page of a change asks too.
    expected = list(listed.queryset.order_by("-pk").values_list("pk", flat=True))
    page = slice(50, 100) if query == "?p=2" else slice(0, 50)
    assert expected[page] and [change.pk for change in listed.result_list] == expected[page]
    assert listed.result_count == len(expected)
    own = Submission.objects.filter(site=world.hami).values("pk")
    foreign = Change.objects.filter(pk__in=expected).exclude(submission_id__in=own)
    assert not foreign.exclude(table="submissions_submission", row_id__in=own).exists()
    walked = [each["sql"] for each in queries if 'ORDER BY "audit_change"."id" DESC LIMIT' in each["sql"]]
    assert not walked, "along all changes, those of one site are looked for among those of all"


@pytest.mark.django_db
def test_a_list_is_not_sorted_by_what_its_headings_do_not_offer(world: World, hand_in: Act, sign_in: SignIn) -> None:
    hand_in(world.submission(world.hami, 3), world.clerk)
    client = sign_in(world.auditor)
    for view in (TRAIL, "admin:environment_resourceuse_changelist"):
        plain, sorted_by = (client.get(f"{reverse(view)}{query}").context["cl"] for query in ("", "?o=1.2.3.4.5"))
        assert [row.pk for row in plain.result_list] == [row.pk for row in sorted_by.result_list]
        assert (
            str(plain.queryset.query).rpartition("ORDER BY")[2]
            == str(sorted_by.queryset.query).rpartition("ORDER BY")[2]
        )


@pytest.mark.django_db
def test_pages_of_keys_are_the_pages_of_rows(world: World) -> None:
    rows = Submission.objects.select_related("site", "period").order_by("-site__position", "period__starts_on", "pk")
    keys_first, plain = KeysFirstPaginator(rows, 5), CappedPaginator(rows, 5)
    assert plain.num_pages > 2
    for number in plain.page_range:
        assert list(keys_first.page(number).object_list) == list(plain.page(number).object_list)
    # Rows of the keys alone: joined with an IN, thousands of rows may be put together for fifty of them.
    assert "= ANY(ARRAY(SELECT" in str(keys_first.page(2).object_list.query)


@pytest.mark.django_db
def test_records_of_a_year_are_found_between_its_first_and_last_form(
    world: World, hand_in: Act, sign_in: SignIn
) -> None:
    services.open_year(ReportingYearFactory(code="2021"))
    for site, month, year in ((world.hami, 1, "2020"), (world.baishan, 12, "2020"), (world.hami, 12, "2021")):
        hand_in(world.submission(site, month, year), world.clerk if site == world.hami else world.other_clerk)
    services.open_year(ReportingYearFactory(code="2022"))
    ReportingYearFactory(code="2023")  # without a period
    client = sign_in(world.auditor)
    records = ResourceUse.objects.all()
    for year in ReportingYear.objects.all():
        query = {"submission__period__year__id__exact": year.pk}
        with CaptureQueriesContext(connection) as queries:
            listed: Any = client.get(reverse("admin:environment_resourceuse_changelist"), query).context["cl"]
        expected = set(records.filter(submission__period__year=year).values_list("pk", flat=True))
        assert {row.pk for row in listed.result_list} == expected
        assert len(expected) == {"2020": 6, "2021": 3}.get(year.code, 0)
        asked = [each["sql"] for each in queries if 'FROM "environment_resourceuse"' in each["sql"]]
        assert all('"submission_id" >= ' in sql and '"submission_id" <= ' in sql for sql in asked)
        assert len(asked) == (0 if year.code == "2023" else 2)


@pytest.mark.django_db
def test_what_was_sent_back_and_approved_is_found_by_an_index() -> None:
    """With whole tables closed, a plan has to take the index that is there for it."""
    asked = {
        "event_by_verb": "SELECT id FROM submissions_submissionevent WHERE verb = 'sent_back' "
        "ORDER BY id DESC LIMIT 50",
        "submission_approved": "SELECT id FROM submissions_submission WHERE state = 'approved' "
        "AND approved_at >= now() - interval '60 days' ORDER BY approved_at DESC, id DESC LIMIT 8",
        "change_changed_in_form": "SELECT id FROM audit_change WHERE operation = 'U' AND submission_id IN (1, 2, 3)",
    }
    with connection.cursor() as cursor:
        # Of a trail that says next to nothing every index is as good as another.
        cursor.execute(
            'INSERT INTO audit_change (at, "table", row_id, operation, before, after, submission_id, actor_name, '
            "source, database_user) SELECT now(), 'submissions_comment', n, 'U', '{}', '{}', n, '', '', session_user "
            "FROM generate_series(1, 3000) n"
        )
        cursor.execute("ANALYZE audit_change")
        cursor.execute("SET LOCAL enable_seqscan = off")
        for index, statement in asked.items():
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
            (plan,) = cursor.fetchone()
            assert index in json.dumps(plan)
