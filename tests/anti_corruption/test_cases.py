"""Concluded cases: seen by few, each reading noted, corrected by another entry."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.anti_corruption.cases import services
from apps.anti_corruption.models import ConcludedCase, Opening
from apps.audit.context import acting_as
from apps.audit.models import Change
from apps.organisation.models import Site
from tests.anti_corruption.records import Integrity
from tests.by_hand import refused, words

SignIn = Callable[[User], Client]
MATTER = "A buyer took money from a carrier."


def told(site: Site, **changes: str) -> dict[str, Any]:
    """What the page of a case sends."""
    return {
        "site": site.pk,
        "reference": "(2020) 新22刑初5号",
        "subject": "employee",
        "matter": MATTER,
        "authority": "Hami Intermediate Court",
        "concluded_on": "2020-05-06",
        "outcome": "convicted",
        "outcome_words": "Fine",
        **changes,
    }


def entered(client: Client, site: Site, **changes: str) -> ConcludedCase:
    response = client.post(reverse("integrity:case_enter"), told(site, **changes))
    assert response.status_code == 302, words(response)
    return ConcludedCase.objects.latest("pk")


def test_the_list_is_silent_and_each_reading_is_noted(integrity: Integrity, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)
    assert "the annual form states zero by itself" in words(client.get(reverse("integrity:cases")))
    case = entered(client, integrity.world.hami)
    assert (case.entered_by, case.outcome) == (integrity.officer, "convicted")
    listed = words(client.get(reverse("integrity:cases")))
    assert case.reference in listed and "Convicted or fined" in listed and MATTER not in listed
    assert not Opening._default_manager.exists()
    for reader in (integrity.reader, integrity.hami_officer):
        assert MATTER in words(sign_in(reader).get(reverse("integrity:case", args=[case.pk])))
    assert list(Opening._default_manager.order_by("pk").values_list("reader__username", "case")) == [
        ("integrity-auditor", case.pk),
        ("officer-hami", case.pk),
    ]
    # Nor does the trail, which others read, tell what it was about.
    assert not Change.objects.filter(table="anti_corruption_concludedcase").exists()


def test_a_correction_replaces_the_entry(integrity: Integrity, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)
    first = entered(client, integrity.world.hami)
    url = reverse("integrity:case_correct", args=[first.pk])
    form = client.get(url)
    assert MATTER in form.content.decode() and Opening._default_manager.filter(case=first).count() == 1
    assert client.post(url, told(integrity.world.hami, outcome="acquitted")).status_code == 302
    second = ConcludedCase.objects.get(replaces=first)
    assert second.outcome == "acquitted" and list(ConcludedCase.objects.current()) == [second]
    first.refresh_from_db()
    assert first.outcome == "convicted"
    listed = words(client.get(reverse("integrity:cases")))
    assert "Acquitted" in listed and "Convicted" not in listed
    old = words(client.get(reverse("integrity:case", args=[first.pk])))
    assert "This entry was corrected and no longer counts." in old and "Correct the entry" not in old
    assert "This entry was corrected already." in words(client.get(url, follow=True))
    with acting_as(integrity.officer, "test"), pytest.raises(services.CaseError):
        services.enter_case(user=integrity.officer, case=ConcludedCase(site=integrity.world.hami, replaces=first))


def test_wrong_entries_are_told(integrity: Integrity, sign_in: SignIn) -> None:
    client, hami = sign_in(integrity.officer), integrity.world.hami
    entered(client, hami)
    url = reverse("integrity:case_enter")
    twice = client.post(url, told(hami))
    assert twice.status_code == 422 and "A case of this number is entered already." in words(twice)
    other = entered(client, hami, reference="2")
    same = client.post(reverse("integrity:case_correct", args=[other.pk]), told(hami))
    assert same.status_code == 422 and "A case of this number is entered already." in words(same)
    with acting_as(integrity.second_officer, "test"), pytest.raises(services.CaseError) as caught:
        case = ConcludedCase(**told(hami, reference="5") | {"site": hami})
        services.enter_case(user=integrity.officer, case=case)
    assert caught.value.__suppress_context__ and MATTER not in str(caught.value)
    assert "cannot be entered like this" in str(caught.value)
    future = client.post(url, told(hami, reference="3", concluded_on="2999-01-01"))
    assert future.status_code == 422 and "A case is entered once it is concluded." in words(future)
    assert client.post(url, told(hami, reference="4", matter="")).status_code == 422
    assert ConcludedCase.objects.count() == 2


def test_who_sees_and_who_enters(integrity: Integrity, sign_in: SignIn) -> None:
    world = integrity.world
    case = entered(sign_in(integrity.hami_officer), world.hami)
    pages = [reverse("integrity:cases"), reverse("integrity:case", args=[case.pk])]
    writing = [reverse("integrity:case_enter"), reverse("integrity:case_correct", args=[case.pk])]
    for user in (world.administrator, world.lead, world.auditor, world.reviewer, world.clerk, world.stranger):
        client = sign_in(user)
        assert {client.get(url).status_code for url in pages} == {404}, user
        assert {client.post(url, told(world.hami)).status_code for url in writing} == {404}, user
    auditor = sign_in(integrity.reader)
    assert {auditor.get(url).status_code for url in pages} == {200}
    assert {auditor.get(url).status_code for url in writing} == {403}
    assert {auditor.post(url, told(world.hami)).status_code for url in writing} == {403}
    neighbour = sign_in(integrity.baishan_officer)
    assert neighbour.get(pages[1]).status_code == 404 and case.reference not in words(neighbour.get(pages[0]))
    assert neighbour.post(writing[1], told(world.baishan)).status_code == 404
    assert neighbour.post(writing[0], told(world.hami, reference="9")).status_code == 422
    with acting_as(integrity.baishan_officer, "test"), pytest.raises(PermissionDenied):
        services.enter_case(user=integrity.baishan_officer, case=ConcludedCase(site=world.hami, reference="9"))


def test_the_database_keeps_cases(integrity: Integrity, sign_in: SignIn) -> None:
    case = entered(sign_in(integrity.officer), integrity.world.hami)
    assert refused("UPDATE anti_corruption_concludedcase SET outcome = 'acquitted' WHERE id = %s", case.pk)
    assert refused("DELETE FROM anti_corruption_concludedcase WHERE id = %s", case.pk)
    sql = (
        "INSERT INTO anti_corruption_concludedcase (site_id, reference, subject, matter, authority, concluded_on,"
        " outcome, outcome_words, entered_by_id, entered_at, entered_on)"
        " VALUES (%s, '2', 'company', 'x', 'y', '2020-01-01', 'settled', '', %s, now(), current_date)"
    )
    with acting_as(integrity.second_officer, "test"):
        assert "own name" in refused(sql, integrity.world.hami.pk, integrity.officer.pk)


def test_the_list_costs_the_same_however_many_cases(integrity: Integrity, sign_in: SignIn) -> None:
    client = sign_in(integrity.officer)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("integrity:cases"))
        return len(asked)

    entered(client, integrity.world.hami)
    few = cost()
    for number in range(2, 12):
        entered(client, integrity.world.baishan, reference=str(number))
    assert cost() == few
