"""The reviewers' admin through its doors: who comes in, start page, lists, the trail."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.core.admin import CappedPaginator
from apps.environment.models import StackTest
from apps.organisation.choices import Role
from apps.organisation.models import Membership
from apps.submissions import workflow
from apps.submissions.entry import Cell
from apps.submissions.models import Submission
from tests.factories import EmissionLimitFactory, StackFactory, UserFactory, World
from tests.submissions.pages import text_of
from tests.submissions.reviewing import LIST, matrix_lines, url

SignIn = Callable[[User], Client]
Act = Callable[..., Submission]


# Who comes in -----------------------------------------------------------------------------------------------------


def test_the_admin_is_for_reviewers_auditors_and_administrators(world: World, sign_in: SignIn) -> None:
    allowed = [world.reviewer, world.lead, world.auditor, world.administrator, UserFactory(is_superuser=True)]
    for user in allowed:
        assert sign_in(user).get(reverse("admin:index")).status_code == 200, user
    for user in (world.clerk, world.stranger, UserFactory(is_staff=True)):
        for page in ("admin:index", LIST, "admin:login"):
            assert sign_in(user).get(reverse(page)).status_code == 403, (user, page)


def test_without_signing_in_one_is_sent_to_the_one_sign_in_page(world: World, client: Client) -> None:
    wanted = reverse(LIST)
    response = client.get(wanted, follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert wanted in response.redirect_chain[-1][0]


def test_somebody_who_left_is_out(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reviewer)
    User.objects.filter(pk=world.reviewer.pk).update(is_active=False)
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("path", ["auth/group/", "account/emailaddress/", "r/1/1/", "admin/logentry/", "auth/user/"])
def test_what_other_packages_bring_along_stays_outside(world: World, sign_in: SignIn, path: str) -> None:
    assert sign_in(UserFactory(is_superuser=True)).get(f"/admin/{path}").status_code == 404


# Start page -------------------------------------------------------------------------------------------------------


def test_the_start_page_shows_the_queue_oldest_first(world: World, sign_in: SignIn, hand_in: Act) -> None:
    hand_in(world.submission(world.baishan, 2), world.other_clerk)
    hand_in(world.submission(world.hami, 1), world.clerk)
    page = sign_in(world.reviewer).get(reverse("admin:index") + "?year=2020")
    queue = page.context["start"].waiting
    assert [line.submission.site.code for line in queue] == ["BAISHAN", "HAMI"]
    assert queue[0].changed is None
    text = text_of(page)
    assert "Baishan · February 2020" in text and "first time" in text


def test_the_queue_counts_warnings_and_what_changed_since_it_was_sent_back(
    world: World, sign_in: SignIn, hand_in: Act, fill_in: Act
) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    with acting_as(world.reviewer, "test"):
        workflow.send_back(submission_id=submission.pk, user=world.reviewer, comment="Look at coal and diesel.")
    changed = {"resource:coal": Cell(value="5100", unit="t"), "resource:diesel": Cell(value="41", unit="L")}
    fill_in(submission, world.clerk, changed)
    # Typed and taken back again: no change.
    fill_in(submission, world.clerk, {**changed, "packaging:wrap": Cell(value="9", unit="t")})
    fill_in(submission, world.clerk, changed)
    with acting_as(world.clerk, "test"):
        workflow.submit(submission_id=submission.pk, user=world.clerk, revision=submission.revision)
    client = sign_in(world.second_reviewer)
    (line,) = client.get(reverse("admin:index")).context["start"].waiting
    assert (line.changed, line.warnings) == (2, 0)
    page = client.get(url(submission)).context["page"]
    assert {line.id for line in page.changed} == {"resource:coal", "resource:diesel"}
    coal = next(line for line in page.changed if line.id == "resource:coal")
    assert coal.was == "It was: 5,300 t, Invoiced"


def test_the_start_page_shows_one_site_only_to_its_reviewer(
    world: World, sign_in: SignIn, hand_in: Act, hami_reviewer: User
) -> None:
    hand_in(world.submission(world.baishan, 1), world.other_clerk)
    hand_in(world.submission(world.hami, 1), world.clerk)
    text = text_of(sign_in(hami_reviewer).get(reverse("admin:index") + "?year=2020"))
    assert "Hami" in text
    assert "Baishan" not in text


def test_six_states_stand_in_the_matrix(world: World, sign_in: SignIn, hand_in: Act, approve: Act) -> None:
    approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    hand_in(world.submission(world.hami, 2), world.clerk)
    (site, cells), *_ = matrix_lines(sign_in(world.auditor).get(reverse("admin:index") + "?year=2020"))
    assert site == world.hami.name_en
    assert [(words, sign) for _address, words, sign in cells[:3]] == [
        ("Approved", "●"),
        ("To review", "◕"),
        ("Late", "!"),
    ]
    assert [address for address, *_ in cells[:2]] == [url(world.submission(world.hami, each)) for each in (1, 2)]


def test_exceedances_stand_on_the_start_page_with_what_was_said(world: World, sign_in: SignIn, hand_in: Act) -> None:
    limit = EmissionLimitFactory(limit_mg_m3="150")
    stacks = {site: StackFactory(site=site, name_en=f"Kiln {site.code}") for site in (world.hami, world.baishan)}
    for site, stack in stacks.items():
        StackTest.objects.create(
            submission=world.submission(site, 1),
            stack=stack,
            pollutant=limit.pollutant,
            concentration_mg_m3="150",
            tested_on="2020-01-09",
            report_number="R1",
            entered_at="2020-01-10T00:00Z",
        )
    reviewer = world.person("only-hami", Role.REVIEWER, world.hami)
    text = text_of(sign_in(reviewer).get(reverse("admin:index") + "?year=2020"))
    assert "Kiln HAMI" in text and "150 mg/m³ on 9 Jan 2020, limit 150" in text and "Not explained yet." in text
    assert "Kiln BAISHAN" not in text

    # The questions are kept; what they find follows the roles and the rows of the moment.
    Membership.objects.filter(user=reviewer).update(site=world.baishan)
    text = text_of(sign_in(reviewer).get(reverse("admin:index") + "?year=2020"))
    assert "Kiln BAISHAN" in text and "Kiln HAMI" not in text
    StackTest.objects.all().delete()
    assert "Kiln" not in text_of(sign_in(reviewer).get(reverse("admin:index") + "?year=2020"))


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_pages_ask_no_more_of_the_database_when_there_is_more_to_show(
    world: World, sign_in: SignIn, hand_in: Act
) -> None:
    hand_in(world.submission(world.hami, 1), world.clerk)
    client = sign_in(world.reviewer)
    pages = [reverse("admin:index") + "?year=2020", reverse(LIST), reverse("admin:audit_change_changelist")]
    pages += [
        reverse("admin:submissions_submissionevent_changelist"),
        reverse("admin:environment_resourceuse_changelist"),
    ]
    for page in pages:
        client.get(page)
    before = [queries(client, page) for page in pages]
    for month in (2, 3, 4):
        hand_in(world.submission(world.hami, month), world.clerk)
        hand_in(world.submission(world.baishan, month), world.other_clerk)
    assert [queries(client, page) for page in pages] <= before
    assert before[0] <= 33


# The list ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?state=submitted", 1),
        ("?state=late", 23),
        ("?q=hami", 12),
        ("?q=哈密", 12),
        ("?q=2020-03", 2),
        ("?q=2020年3月", 2),
        ("?q=Baishan 2020/3", 1),
        ("?period=2020-05", 2),
        ("?section=environment", 24),
    ],
)
def test_the_list_is_narrowed_by_state_period_section_and_words(
    world: World, sign_in: SignIn, hand_in: Act, query: str, count: int
) -> None:
    hand_in(world.submission(world.hami, 1), world.clerk)
    assert sign_in(world.reviewer).get(reverse(LIST) + query).context["cl"].result_count == count


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?submitted_by__password__startswith=a", 400),
        ("?revision__gt=1", 400),
        ("?site__id__exact=99999999999999999999999", 200),
        ("?site__id__exact=x", 302),
        ("?period__year__id__exact=99999999999999999999999", 200),
        ("?p=99999", 200),
        ("?nonsense=1", 302),
        ("?q=%00", 200),
        ("?state=nonsense", 200),
        ("?o=99.-1.x", 200),
    ],
)
def test_addresses_typed_by_hand_are_answered(world: World, sign_in: SignIn, query: str, status: int) -> None:
    assert sign_in(world.reviewer).get(reverse(LIST) + query).status_code == status


# The trail --------------------------------------------------------------------------------------------------------


def test_the_trail_shows_what_belongs_to_ones_sites(
    world: World, sign_in: SignIn, hand_in: Act, hami_reviewer: User
) -> None:
    ours = hand_in(world.submission(world.hami, 1), world.clerk)
    theirs = hand_in(world.submission(world.baishan, 1), world.other_clerk)
    trail = reverse("admin:audit_change_changelist")
    client = sign_in(hami_reviewer)
    seen = client.get(trail).context["cl"].queryset
    assert seen.filter(submission_id=ours.pk).exists()
    assert seen.filter(table="submissions_submission", row_id=ours.pk).exists()
    assert not seen.exclude(submission_id=ours.pk).exclude(table="submissions_submission").exists()
    assert not seen.filter(row_id=theirs.pk, table="submissions_submission").exists()
    foreign = Change.objects.filter(submission_id=theirs.pk).first()
    person = Change.objects.filter(table="organisation_membership").first()
    for change in (foreign, person):
        assert change is not None
        page = reverse("admin:audit_change_change", args=[change.pk])
        assert client.get(page).status_code == 404
        for user in (world.auditor, world.lead, world.administrator):
            assert sign_in(user).get(page).status_code == 200
    assert client.get(f"{trail}?q={theirs.pk}").context["cl"].result_count == 0
    assert client.get(f"{trail}?q={world.other_clerk.full_name}").context["cl"].result_count == 0


def test_the_trail_reads_like_a_sentence_and_is_exact(world: World, sign_in: SignIn, fill_in: Act) -> None:
    submission = fill_in(world.submission(world.hami, 1), world.clerk)
    long = "0.123456789012"
    fill_in(submission, world.clerk, {"resource:coal": Cell(value=long, unit="t", how="invoiced")})
    trail = reverse("admin:audit_change_changelist")
    found = sign_in(world.auditor).get(f"{trail}?table=environment_resourceuse&operation__exact=U&q={submission.pk}")
    text = text_of(found)
    assert f"5,300 → {long}" in text and "Hami" in text


def test_the_trail_is_never_counted_to_its_end(
    world: World, sign_in: SignIn, fill_in: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_in(world.submission(world.hami, 1), world.clerk)
    monkeypatch.setattr(CappedPaginator, "cap", 10)
    with CaptureQueriesContext(connection) as captured:
        page = sign_in(world.auditor).get(reverse("admin:audit_change_changelist"))
    assert "the first 10; narrow the list down" in text_of(page)
    counts = [query["sql"] for query in captured if "COUNT(" in query["sql"] and "audit_change" in query["sql"]]
    assert counts and all("LIMIT 10" in sql for sql in counts)


def test_nobody_writes_to_the_trail(world: World, sign_in: SignIn, hand_in: Act) -> None:
    hand_in(world.submission(world.hami, 1), world.clerk)
    change = Change.objects.first()
    assert change is not None
    for user in (world.administrator, UserFactory(is_superuser=True)):
        client = sign_in(user)
        for what in ("change", "delete"):
            page = reverse(f"admin:audit_change_{what}", args=[change.pk])
            assert client.post(page, {"post": "yes", "actor_name": "x"}).status_code == 403
        assert client.get(reverse("admin:audit_change_add")).status_code == 403
