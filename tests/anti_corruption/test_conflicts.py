"""Who decides about a conflict, and who cannot: by page, by service and past all our code."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.answers import Answer
from apps.anti_corruption.conflicts import attention, services
from apps.anti_corruption.conflicts.pages import decided_for
from apps.anti_corruption.models import ConcernedPerson, Conflict, Decision, NamedPartner, Opening
from apps.audit.context import acting_as
from apps.organisation.choices import Role
from tests.anti_corruption.records import Integrity, answered, correct, round_of, sign
from tests.by_hand import refused, words
from tests.factories import MembershipFactory, SupplierFactory, UserFactory

SignIn = Callable[[User], Client]
WORD = "ZQ4711"
MEASURE = "leaves the committee KX9"


@pytest.fixture
def conflict(integrity: Integrity) -> Conflict:
    """The buyer of Hami owns a part of a supplier, and told so; the conflict names nobody else."""
    buyer = UserFactory(username="buyer", full_name="Li Na")
    round_of(integrity, buyer)
    return declared(integrity, buyer)


def declared(integrity: Integrity, user: User, **answer: object) -> Conflict:
    told = Answer(kind="own_interests", none=False, details=f"I own 5 % of it, {WORD}", **answer)  # type: ignore[arg-type]
    duty = policies.duties_of(user).get()
    return sign(duty, answered(own_interests=told)).conflicts.get()


def decide(user: User, conflict: Conflict, ruling: str = "managed", text: str = MEASURE) -> Decision:
    with acting_as(user, "test"):
        return services.decide(user=user, conflict_id=conflict.pk, ruling=ruling, words=text)


def page(name: str, conflict: Conflict) -> str:
    return reverse(f"integrity:{name}", args=[conflict.pk])


# Deciding -------------------------------------------------------------------------------------------------------------


def test_an_officer_decides_and_decides_anew(integrity: Integrity, conflict: Conflict, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)
    shown = words(client.get(page("conflict", conflict)))
    assert WORD in shown and "Li Na" in shown and "Nobody has decided yet." in shown
    sent = client.post(page("conflict_decide", conflict), {"ruling": "managed", "words": MEASURE}, follow=True)
    assert MEASURE in words(sent) and "The decision is kept." in words(sent)
    second = sign_in(integrity.hami_officer)
    sent = second.post(page("conflict_decide", conflict), {"ruling": "refused", "words": "sells it"}, follow=True)
    assert MEASURE in words(sent) and "This one counts." in words(sent)
    told = [(each.ruling, each.decided_by) for each in Decision._default_manager.order_by("pk")]
    assert told == [("managed", integrity.officer), ("refused", integrity.hami_officer)]
    (line,) = decided_for(conflict.declaration)
    assert (line.words, line.decided_by) == ("sells it", str(integrity.hami_officer))
    declaration = reverse("integrity:declaration", args=[conflict.declaration_id])
    mine = words(sign_in(conflict.declaration.signer).get(declaration))
    assert "sells it" in mine and "Refused: it has to end" in mine and MEASURE not in mine
    assert "sells it" not in words(sign_in(integrity.reader).get(declaration))


def test_a_decision_says_what_and_why(integrity: Integrity, conflict: Conflict, sign_in: SignIn) -> None:
    for sent in (
        {"ruling": "managed", "words": "  "},
        {"ruling": "managed", "words": "。。"},
        {"ruling": "maybe", "words": "x"},
        {},
    ):
        assert sign_in(integrity.officer).post(page("conflict_decide", conflict), sent).status_code == 422
    for text in (" ", "-"):
        with pytest.raises(services.ConflictError):
            decide(integrity.officer, conflict, text=text)
    assert not Decision._default_manager.exists()


def test_the_signer_does_not_decide_even_as_an_officer(integrity: Integrity, sign_in: SignIn) -> None:
    round_of(integrity, integrity.hami_officer)
    conflict = declared(integrity, integrity.hami_officer)
    client = sign_in(integrity.hami_officer)
    assert client.get(page("conflict", conflict)).status_code == 404
    assert client.post(page("conflict_decide", conflict), {"ruling": "accepted", "words": "x"}).status_code == 404
    assert WORD not in words(client.get(reverse("integrity:conflicts")))
    with pytest.raises(Http404):
        decide(integrity.hami_officer, conflict)
    assert "concerns themselves" in by_hand(integrity.hami_officer, conflict)
    decide(integrity.officer, conflict)


def test_whoever_is_concerned_does_not_decide(integrity: Integrity, conflict: Conflict, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)
    sent = client.post(page("conflict_concerned", conflict), {"person": "officer-hami"}, follow=True)
    assert "Officer Hami" in words(sent)
    concerned = sign_in(integrity.hami_officer)
    assert concerned.get(page("conflict", conflict)).status_code == 404
    assert concerned.post(page("conflict_decide", conflict), {"ruling": "accepted", "words": "x"}).status_code == 404
    with pytest.raises(Http404):
        decide(integrity.hami_officer, conflict)
    assert "concerns themselves" in by_hand(integrity.hami_officer, conflict)
    assert attention.tasks(integrity.hami_officer) == []
    assert len(attention.tasks(integrity.officer)) == 1


def test_what_somebody_decided_who_is_concerned_does_not_count(
    integrity: Integrity, conflict: Conflict, sign_in: SignIn
) -> None:
    decide(integrity.second_officer, conflict, "refused", "sells it")
    decide(integrity.hami_officer, conflict, "accepted", "a small part")
    with acting_as(integrity.officer, "test"):
        services.add_concerned(user=integrity.officer, conflict_id=conflict.pk, concerned=integrity.hami_officer)
    client = sign_in(integrity.officer)
    shown = words(client.get(page("conflict", conflict)))
    assert "This one does not count: who decided is concerned." in shown and "This one counts." in shown
    assert "Refused: it has to end" in table(client, "decided") and "Accepted" not in table(client, "")
    assert decided_for(conflict.declaration)[0].words == "sells it"
    assert attention.tasks(integrity.officer) == []
    with acting_as(integrity.officer, "test"):
        services.add_concerned(user=integrity.officer, conflict_id=conflict.pk, concerned=integrity.second_officer)
    assert "Nobody has decided yet." in words(client.get(page("conflict", conflict)))
    assert "Not decided" in table(client, "undecided") and "Own interests" not in table(client, "decided")
    assert decided_for(conflict.declaration)[0].decided_at is None
    assert len(attention.tasks(integrity.officer)) == 1


def test_a_correction_keeps_what_officers_found(integrity: Integrity, conflict: Conflict, sign_in: SignIn) -> None:
    SupplierFactory(code="S-1", name_zh="哈密白云石有限公司")
    signer = conflict.declaration.signer
    with acting_as(integrity.officer, "test"):
        services.add_concerned(user=integrity.officer, conflict_id=conflict.pk, concerned=integrity.hami_officer)
        services.add_partner(user=integrity.officer, conflict_id=conflict.pk, text="S-1")
    decide(integrity.officer, conflict)
    # Also by way of a declaration in which there is nothing to declare.
    nothing = correct(conflict.declaration, answered(gifts="A pen"))
    again = correct(nothing, answered(own_interests=f"I own 6 % of it, {WORD}", loans="1,000"))
    new = again.conflicts.get(kind="own_interests")
    assert list(new.concerned.values_list("user", "added_by")) == [(integrity.hami_officer.pk, None)]
    assert list(new.partners.values_list("code", "added_by")) == [("S-1", None)]
    other = again.conflicts.get(kind="loans")
    assert not other.concerned.exists() and not other.partners.exists()
    assert sign_in(integrity.hami_officer).get(page("conflict", new)).status_code == 404
    shown = words(sign_in(integrity.officer).get(page("conflict", new)))
    assert MEASURE in shown and "About the declaration that was replaced." in shown
    assert "Nobody has decided yet." in shown
    assert MEASURE not in words(sign_in(integrity.officer).get(page("conflict", other)))
    assert MEASURE not in words(sign_in(integrity.reader).get(page("conflict", new)))
    old = words(sign_in(signer).get(reverse("integrity:declaration", args=[conflict.declaration_id])))
    assert MEASURE in old


def test_a_colleague_who_is_named_is_found_by_the_portal(integrity: Integrity) -> None:
    buyer = UserFactory(username="buyer")
    round_of(integrity, buyer)
    conflict = declared(integrity, buyer, people=("Officer Hami",))
    assert conflict.concerned.get().user == integrity.hami_officer
    assert not policies.may_decide(integrity.hami_officer, conflict)
    assert policies.may_decide(integrity.officer, conflict)


def test_nobody_decides_in_the_name_of_another(integrity: Integrity, conflict: Conflict) -> None:
    with acting_as(integrity.reader, "test"):
        said = refused(*insert(integrity.officer, conflict))
    assert "in their own name" in said


def insert(user: User, conflict: Conflict) -> tuple[object, ...]:
    return (
        "INSERT INTO anti_corruption_decision (conflict_id, ruling, words, decided_by_id, decided_at)"
        " VALUES (%s, 'accepted', 'x', %s, %s)",
        conflict.pk,
        user.pk,
        timezone.now(),
    )


def by_hand(user: User, conflict: Conflict) -> str:
    with acting_as(user, "test"):
        return refused(*insert(user, conflict))  # type: ignore[arg-type]


def test_the_conflict_of_a_replaced_declaration_is_over(
    integrity: Integrity, conflict: Conflict, sign_in: SignIn
) -> None:
    correct(conflict.declaration, answered(gifts="A pen"))
    shown = words(sign_in(integrity.officer).get(page("conflict", conflict)))
    assert "another declaration replaced the one this comes from" in shown and "Decide" not in shown.split()
    with pytest.raises(services.ConflictError, match="this conflict is over"):
        decide(integrity.officer, conflict)
    with pytest.raises(services.ConflictError), acting_as(integrity.officer, "test"):
        services.add_concerned(user=integrity.officer, conflict_id=conflict.pk, concerned=integrity.hami_officer)
    assert "was replaced" in by_hand(integrity.officer, conflict)
    client = sign_in(integrity.officer)
    assert "Gifts, cash" in table(client, "") and "Own interests" not in table(client, "")
    assert "Own interests" in table(client, "over") and "Over" in table(client, "over")


# Who else -------------------------------------------------------------------------------------------------------------


def test_an_auditor_of_declarations_reads_and_does_not_decide(
    integrity: Integrity, conflict: Conflict, sign_in: SignIn
) -> None:
    client = sign_in(integrity.reader)
    shown = words(client.get(page("conflict", conflict)))
    assert WORD in shown and "Name as concerned" not in shown
    for name, sent in (
        ("conflict_decide", {"ruling": "accepted", "words": "x"}),
        ("conflict_concerned", {"person": "officer"}),
        ("conflict_partner", {"partner": "S-1"}),
    ):
        assert client.post(page(name, conflict), sent).status_code == 403, name
    with pytest.raises(PermissionDenied):
        decide(integrity.reader, conflict)
    assert attention.tasks(integrity.reader) == []


@pytest.mark.parametrize("who", ["clerk", "reviewer", "lead", "auditor", "administrator", "stranger"])
def test_other_roles_find_nothing(integrity: Integrity, conflict: Conflict, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(integrity.world, who))
    assert client.get(page("conflict", conflict)).status_code == 404
    assert client.get(reverse("integrity:conflicts")).status_code == 404
    assert client.post(page("conflict_decide", conflict), {"ruling": "accepted", "words": "x"}).status_code == 404


def test_an_officer_of_another_site_finds_nothing(integrity: Integrity, conflict: Conflict, sign_in: SignIn) -> None:
    client = sign_in(integrity.baishan_officer)
    assert client.get(page("conflict", conflict)).status_code == 404
    assert "Li Na" not in words(client.get(reverse("integrity:conflicts")))
    with pytest.raises(Http404):
        decide(integrity.baishan_officer, conflict)
    assert attention.tasks(integrity.baishan_officer) == []


def test_each_reading_of_the_page_is_noted(integrity: Integrity, conflict: Conflict, sign_in: SignIn) -> None:
    client = sign_in(integrity.reader)
    client.get(reverse("integrity:conflicts"))
    assert not Opening._default_manager.exists(), "the list shows no words"
    client.get(page("conflict", conflict))
    sign_in(integrity.officer).post(page("conflict_decide", conflict), {})
    noted = Opening._default_manager.order_by("pk").values_list("reader", "declaration")
    assert list(noted) == [
        (integrity.reader.pk, conflict.declaration_id),
        (integrity.officer.pk, conflict.declaration_id),
    ]


def test_only_this_answer_is_shown(integrity: Integrity, sign_in: SignIn) -> None:
    buyer = UserFactory(username="buyer")
    round_of(integrity, buyer)
    said = answered(gifts="A crate of wine", loans="Of a friend", wrongdoing="My chief takes bribes")
    conflict = sign(policies.duties_of(buyer).get(), said).conflicts.get(kind="gifts")
    shown = words(sign_in(integrity.officer).get(page("conflict", conflict)))
    assert "A crate of wine" in shown and "Of a friend" not in shown and "bribes" not in shown
    # Whoever opens this page alone has not read the report.
    reported = "The same declaration reports wrongdoing."
    assert reported in shown
    assert reported not in words(sign_in(integrity.reader).get(page("conflict", conflict)))
    assert not Conflict.objects.filter(kind="wrongdoing").exists()


# Names ----------------------------------------------------------------------------------------------------------------


def test_colleagues_are_named_by_user_name_or_full_name(
    integrity: Integrity, conflict: Conflict, sign_in: SignIn
) -> None:
    UserFactory(username="wang-1", full_name="Wang Wei")
    UserFactory(username="wang-2", full_name="Wang Wei")
    UserFactory(username="zhang", full_name="Zhang San")
    client = sign_in(integrity.officer)
    for person, status in (("Wang Wei", 422), ("wang-2", 302), ("zhang  san", 302), ("zhang", 422), ("buyer", 422)):
        assert client.post(page("conflict_concerned", conflict), {"person": person}).status_code == status, person
    named = ConcernedPerson._default_manager.order_by("pk").values_list("user__username", "added_by")
    assert list(named) == [("wang-2", integrity.officer.pk), ("zhang", integrity.officer.pk)]


def test_an_officer_may_name_themselves(integrity: Integrity, conflict: Conflict, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)
    sent = client.post(page("conflict_concerned", conflict), {"person": "officer"}, follow=True)
    assert "so somebody else decides" in words(sent) and "Li Na" not in words(sent)
    assert client.get(page("conflict", conflict)).status_code == 404


def test_business_partners_are_found_in_any_spelling(integrity: Integrity, conflict: Conflict, sign_in: SignIn) -> None:
    SupplierFactory(code="S-1", name_zh="哈密白云石有限公司", name_en="Hami Dolomite Co., Ltd.")
    client = sign_in(integrity.officer)
    assert "No business partner is known" in words(client.post(page("conflict_partner", conflict), {"partner": "白云"}))
    assert client.post(page("conflict_partner", conflict), {"partner": "hami dolomite"}).status_code == 302
    assert "named already" in words(client.post(page("conflict_partner", conflict), {"partner": "哈密白雲石"}))
    assert list(NamedPartner._default_manager.values_list("code", "added_by")) == [("S-1", integrity.officer.pk)]


def test_it_is_said_where_nobody_could_decide(integrity: Integrity, conflict: Conflict, sign_in: SignIn) -> None:
    sentence = "give the role of integrity officer to a second person"
    client = sign_in(integrity.reader)
    assert sentence not in words(client.get(page("conflict", conflict)))
    others = (integrity.second_officer, integrity.hami_officer)
    for person in others:
        person.is_active = False
        person.save()
    with acting_as(integrity.officer, "test"):
        services.add_concerned(user=integrity.officer, conflict_id=conflict.pk, concerned=integrity.officer)
    assert sentence in words(client.get(page("conflict", conflict)))
    assert sentence in words(client.get(reverse("integrity:conflicts")))
    world, title = integrity.world, "Conflicts nobody may decide"
    for person in (world.lead, world.administrator):
        start = words(sign_in(person).get(reverse("admin:index")))
        assert title in start and "1 conflict" in start and "Li Na" not in start and "Own interests" not in start
    for person in (world.reviewer, world.auditor):
        assert "1 conflict" not in words(sign_in(person).get(reverse("admin:index")))
    # The officer of Baishan is one of another site; a second one for Hami helps.
    MembershipFactory(user=UserFactory(), role=Role.INTEGRITY_OFFICER, site=integrity.world.hami)
    assert sentence not in words(client.get(reverse("integrity:conflicts")))
    assert "1 conflict" not in words(sign_in(world.lead).get(reverse("admin:index")))


# The list -------------------------------------------------------------------------------------------------------------


def table(client: Client, show: str, **more: str) -> str:
    response = client.get(reverse("integrity:conflicts"), {"show": show, **more})
    return words(response).partition("Declared on")[2]


def test_the_list_is_narrowed_and_tells_no_words(integrity: Integrity, sign_in: SignIn) -> None:
    people = {"Li Na": UserFactory(full_name="Li Na"), "Ma Lin": UserFactory(full_name="Ma Lin")}
    hami, baishan = people.values()
    round_of(integrity, hami)
    round_of(integrity, baishan, site=integrity.world.baishan)
    decided, open_one = declared(integrity, hami), sign(policies.duties_of(baishan).get(), answered(loans=WORD))
    decide(integrity.officer, decided)
    client = sign_in(integrity.officer)
    everything = table(client, "")
    assert f"Hami {timezone.localdate():%Y-%m-%d}" in everything and "Baishan" in everything
    assert not any(said in everything for said in (*people, WORD, MEASURE))
    assert "Baishan" in table(client, "undecided") and "Hami" not in table(client, "undecided")
    assert "Hami" in table(client, "decided") and "Baishan" not in table(client, "decided")
    assert "Baishan" in table(client, "", kind="loans") and "Hami" not in table(client, "", kind="loans")
    assert "Hami" in table(client, "", site="HAMI") and "Baishan" not in table(client, "", site="HAMI")
    assert "Baishan" not in table(sign_in(integrity.hami_officer), "")
    assert open_one.conflicts.count() == 1


def test_the_list_costs_the_same_however_long(integrity: Integrity, sign_in: SignIn) -> None:
    people = [UserFactory() for _n in range(12)]
    round_of(integrity, *people)
    client, counts = sign_in(integrity.officer), []
    for some in (people[:2], people[2:]):
        for person in some:
            declared(integrity, person)
        client.get(reverse("integrity:conflicts"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("integrity:conflicts"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
