"""The reviewers' admin through its doors: start page, review page, decisions, several at once, the trail."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
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
from apps.submissions import bulk, workflow
from apps.submissions.choices import State
from apps.submissions.entry import Cell
from apps.submissions.models import Comment, Seal, Submission
from tests.factories import EmissionLimitFactory, StackFactory, UserFactory, World

SignIn = Callable[[User], Client]
Act = Callable[..., Submission]
LIST = "admin:submissions_submission_changelist"


def url(submission: Submission, what: str = "change") -> str:
    return reverse(f"admin:submissions_submission_{what}", args=[submission.pk])


def decision(submission: Submission, **fields: Any) -> dict[str, Any]:
    return {"revision": submission.revision, **fields}


def told(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def hami_reviewer(world: World) -> User:
    return world.person("reviewer-hami", Role.REVIEWER, world.hami)


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
    (block, *_) = sign_in(world.auditor).get(reverse("admin:index") + "?year=2020").context["start"].complete.blocks
    site, cells = block.lines[0]
    assert site == world.hami
    assert [cell.mark.code for cell in cells[:3]] == ["approved", "submitted", "late"]
    assert all(cell.mark.sign and cell.mark.label for cell in cells)


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


# Deciding ---------------------------------------------------------------------------------------------------------


def test_approving_seals_and_goes_on_to_the_next(world: World, sign_in: SignIn, hand_in: Act) -> None:
    first = hand_in(world.submission(world.hami, 1), world.clerk)
    second = hand_in(world.submission(world.hami, 2), world.clerk)
    client = sign_in(world.reviewer)
    response = client.post(url(first, "approve"), decision(first, comment="Well documented."))
    assert response.status_code == 302 and response["Location"] == url(second)
    first.refresh_from_db()
    assert (first.state, first.approved_by) == (State.APPROVED, world.reviewer)
    assert first.comments.get().text == "Well documented."
    assert Seal.objects.get(submission=first).digest in text_of(client.get(url(first)))
    last = client.post(url(second, "approve"), decision(second), follow=True)
    assert "Nothing more waits for your review." in text_of(last)


def test_sending_back_names_single_rows(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    sent = decision(
        submission, comment="Coal is off.", flag=["resource:coal"], **{"reason-resource:coal": "Which weighbridge?"}
    )
    assert sign_in(world.reviewer).post(url(submission, "send_back"), sent).status_code == 302
    submission.refresh_from_db()
    assert submission.state == State.RETURNED
    question = submission.comments.get()
    assert (question.row, question.text, question.is_question) == ("resource:coal", "Which weighbridge?", True)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"comment": ""}, "Say why it goes back"),
        ({"comment": "Coal.", "flag": ["resource:coal"]}, "say what is wrong with this row"),
    ],
)
def test_an_unfinished_sending_back_loses_nothing(
    world: World, sign_in: SignIn, hand_in: Act, fields: dict[str, Any], complaint: str
) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    sent = decision(submission, **{"reason-resource:diesel": "Typed already"}, **fields)
    response = sign_in(world.reviewer).post(url(submission, "send_back"), sent)
    text = text_of(response)
    assert complaint in text and "Typed already" in text and fields["comment"] in text
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED
    assert not submission.comments.exists()


def test_rows_marked_to_go_back_are_not_approved_by_a_slip(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    response = sign_in(world.reviewer).post(url(submission, "approve"), decision(submission, flag=["resource:coal"]))
    assert "You marked rows to send back (Coal)" in text_of(response)
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED


def test_nobody_approves_their_own_work(world: World, sign_in: SignIn, hand_in: Act, fill_in: Act) -> None:
    both = world.person("clerk-and-reviewer", Role.PREPARER, world.hami)
    Membership.objects.create(user=both, role=Role.REVIEWER, site=world.hami)
    fill_in(world.submission(world.hami, 1), both, {"resource:coal": Cell(value="5200", unit="t")})
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    client = sign_in(both)
    assert "somebody else approves it" in text_of(client.get(url(submission)))
    for response in (
        client.post(url(submission, "approve"), decision(submission)),
        client.post(
            reverse("admin:submissions_submission_bulk", args=["approve"]),
            {"item": f"{submission.pk}:{submission.revision}"},
        ),
    ):
        assert "You worked on" in text_of(response)
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED


def test_a_superuser_and_an_administrator_decide_nothing(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    for user in (UserFactory(is_superuser=True), world.administrator, world.auditor):
        client = sign_in(user)
        assert client.get(url(submission)).status_code == 200
        for what in ("approve", "send_back", "reopen", "comment"):
            sent = decision(submission, comment="x", text="x", kind="comment")
            assert client.post(url(submission, what), sent).status_code == 403, (user, what)
        assert client.post(reverse("admin:submissions_submission_bulk", args=["approve"])).status_code == 403
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED


def test_a_decision_on_something_that_moved_answers_politely(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    seen = decision(submission, comment="My words")
    with acting_as(world.second_reviewer, "test"):
        workflow.send_back(submission_id=submission.pk, user=world.second_reviewer, comment="Mine first.")
    client = sign_in(world.reviewer)
    for what in ("approve", "send_back"):
        response = client.post(url(submission, what), seen)
        assert response.status_code == 200 and "somebody was quicker" in text_of(response)
    # It comes back under the same state with other content: what was seen is not what would be approved.
    hand_in(submission, world.clerk, {"resource:coal": Cell(value="5,000", unit="t")})
    response = client.post(url(submission, "approve"), seen)
    assert "changed since you opened it" in text_of(response)
    assert client.post(url(submission, "approve"), {}).status_code == 200
    submission.refresh_from_db()
    assert submission.state == State.SUBMITTED


def test_only_a_lead_reviewer_opens_an_approval_again(world: World, sign_in: SignIn, approve: Act) -> None:
    submission = approve(world.submission(world.hami, 1), world.clerk, world.reviewer)
    reason = {"comment": "A meter was read wrongly."}
    for user in (world.reviewer, world.administrator, UserFactory(is_superuser=True)):
        assert sign_in(user).post(url(submission, "reopen"), reason).status_code == 403
    client = sign_in(world.lead)
    assert "Say why it goes back" in text_of(client.post(url(submission, "reopen"), {"comment": " "}))
    assert client.post(url(submission, "reopen"), reason).status_code == 302
    submission.refresh_from_db()
    assert submission.state == State.RETURNED


def test_forged_forms_change_nothing(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    before = list(Change.objects.values_list("pk", flat=True))
    forged = {"state": "approved", "revision": "9", "site": str(world.baishan.pk), "_save": "1", "resource:coal": "1"}
    for user in (world.reviewer, world.lead, UserFactory(is_superuser=True)):
        client = sign_in(user)
        assert client.post(url(submission), forged).status_code == 403
        assert client.post(url(submission, "delete"), {"post": "yes"}).status_code == 403
        assert client.post(reverse("admin:submissions_submission_add"), forged).status_code == 403
    state = Submission.objects.get(pk=submission.pk)
    assert (state.state, state.revision, state.site) == (State.SUBMITTED, submission.revision, world.hami)
    assert list(Change.objects.exclude(table="accounts_user").values_list("pk", flat=True)) == [
        pk for pk in before if Change.objects.get(pk=pk).table != "accounts_user"
    ]


def test_another_sites_submission_is_not_there(
    world: World, sign_in: SignIn, hand_in: Act, hami_reviewer: User
) -> None:
    submission = hand_in(world.submission(world.baishan, 1), world.other_clerk)
    client = sign_in(hami_reviewer)
    assert client.get(url(submission)).status_code == 404
    assert client.get(url(submission, "history")).status_code == 404
    for what in ("approve", "send_back", "reopen", "comment"):
        assert client.post(url(submission, what), decision(submission, comment="x")).status_code == 404
    address = reverse("admin:submissions_submission_bulk", args=["approve"])
    assert client.post(address, {"item": f"{submission.pk}:{submission.revision}"}).status_code == 404
    assert "Baishan" not in text_of(client.get(reverse(LIST)))
    assert "Baishan" not in text_of(client.get(reverse(LIST) + f"?site__id__exact={world.baishan.pk}"))


# Comments ---------------------------------------------------------------------------------------------------------


def test_a_question_holds_the_approval_back_until_it_is_settled(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    client = sign_in(world.reviewer)
    asked = {"row": "resource:coal", "text": "Is the ticket of the 31st in it?", "kind": "question"}
    assert client.post(url(submission, "comment"), asked).status_code == 302
    question = submission.comments.get()
    assert "Open question:" in text_of(client.get(url(submission)))
    assert "is still open" in text_of(client.post(url(submission, "approve"), decision(submission)))
    settle = reverse("admin:submissions_submission_settle", args=[submission.pk, question.pk])
    assert client.post(settle).status_code == 302
    question.refresh_from_db()
    assert question.settled_by == world.reviewer
    assert client.post(url(submission, "approve"), decision(submission)).status_code == 302
    submission.refresh_from_db()
    assert submission.state == State.APPROVED


def test_comments_fit_their_submission(world: World, sign_in: SignIn, hand_in: Act) -> None:
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    other = hand_in(world.submission(world.hami, 2), world.clerk)
    with acting_as(world.reviewer, "test"):
        question = Comment.objects.create(submission=other, text="?", is_question=True, author=world.reviewer)
    client = sign_in(world.reviewer)
    for wrong in ({"row": "resource:gold", "text": "x", "kind": "comment"}, {"text": "", "kind": "comment"}):
        client.post(url(submission, "comment"), wrong)
    assert not submission.comments.exists()
    settle = reverse("admin:submissions_submission_settle", args=[submission.pk, question.pk])
    assert client.post(settle).status_code == 404
    assert sign_in(world.clerk).post(settle).status_code == 403


# Several at once --------------------------------------------------------------------------------------------------


def test_several_at_once_says_first_what_will_happen(
    world: World, sign_in: SignIn, hand_in: Act, approve: Act, fill_in: Act
) -> None:
    good = hand_in(world.submission(world.hami, 1), world.clerk)
    asked = hand_in(world.submission(world.hami, 2), world.clerk)
    with acting_as(world.second_reviewer, "test"):
        Comment.objects.create(submission=asked, text="?", is_question=True, author=world.second_reviewer)
    draft = fill_in(world.submission(world.hami, 3), world.clerk)
    client = sign_in(world.reviewer)
    chosen = {"action": "approve_selected", "_selected_action": [good.pk, asked.pk, draft.pk], "index": "0"}
    page = client.post(reverse(LIST), chosen)
    assert [outcome.submission for outcome in page.context["accepted"]] == [good]
    reasons = {outcome.submission: outcome.refusal for outcome in page.context["refused"]}
    assert "still open" in reasons[asked] and "In progress" in reasons[draft]
    good.refresh_from_db()
    assert good.state == State.SUBMITTED


def test_one_refusal_stops_none_of_the_others(world: World, sign_in: SignIn, hand_in: Act) -> None:
    months = [hand_in(world.submission(world.hami, month), world.clerk) for month in (1, 2, 3)]
    items = [f"{submission.pk}:{submission.revision}" for submission in months]
    with acting_as(world.second_reviewer, "test"):
        workflow.approve(submission_id=months[1].pk, user=world.second_reviewer)
    response = sign_in(world.reviewer).post(
        reverse("admin:submissions_submission_bulk", args=["approve"]), {"item": items}
    )
    assert [outcome.submission for outcome in response.context["accepted"]] == [months[0], months[2]]
    assert [outcome.submission for outcome in response.context["refused"]] == [months[1]]
    assert {Submission.objects.get(pk=submission.pk).state for submission in months} == {State.APPROVED}


def test_several_are_sent_back_with_one_comment(world: World, sign_in: SignIn, hand_in: Act) -> None:
    months = [hand_in(world.submission(world.hami, month), world.clerk) for month in (1, 2)]
    items = [f"{submission.pk}:{submission.revision}" for submission in months]
    address = reverse("admin:submissions_submission_bulk", args=["send-back"])
    client = sign_in(world.reviewer)
    response = client.post(address, {"item": items, "comment": " "})
    assert "Say why they go back" in text_of(response)
    assert {submission.state for submission in Submission.objects.filter(pk__in=[m.pk for m in months])} == {
        "submitted"
    }
    client.post(address, {"item": items, "comment": "Use the new meter's readings."})
    for submission in months:
        submission.refresh_from_db()
        assert submission.state == State.RETURNED
        assert submission.events.get(verb="sent_back").comment == "Use the new meter's readings."


def test_the_trail_names_who_decided(world: World, sign_in: SignIn, hand_in: Act) -> None:
    """Requests of this view run outside one big transaction; the name must be told in each."""
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    address = reverse("admin:submissions_submission_bulk", args=["approve"])
    sign_in(world.reviewer).post(address, {"item": f"{submission.pk}:{submission.revision}"})
    last = Change.objects.filter(table="submissions_submission", row_id=submission.pk).first()
    assert last is not None
    assert (last.actor_id, last.source) == (world.reviewer.pk, f"POST {address}")


@pytest.mark.parametrize("item", ["", "x", "1", "1:x", "99999999999999999999:1", "-1:1"])
def test_nonsense_items_are_not_found(world: World, sign_in: SignIn, item: str) -> None:
    address = reverse("admin:submissions_submission_bulk", args=["approve"])
    assert sign_in(world.reviewer).post(address, {"item": item}).status_code == 404


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


def test_the_bulk_preview_and_the_workflow_agree(world: World, hand_in: Act) -> None:
    """What the confirmation page promises is what the workflow then does, reason by reason."""
    submission = hand_in(world.submission(world.hami, 1), world.clerk)
    for user in (world.auditor, world.clerk, world.reviewer):
        (promised,) = bulk.preview(bulk.BulkVerb.APPROVE, user, [submission])
        try:
            workflow.approve(submission_id=submission.pk, user=user)
            done = ""
        except workflow.Refused as refused:
            done = refused.message
        except PermissionDenied:
            done = bulk.not_reviewer(submission)
        assert promised.refusal == done
    submission.refresh_from_db()
    assert submission.state == State.APPROVED
