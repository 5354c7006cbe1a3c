"""The annual form on the supply chain: taken over from the register, checked, locked, and the figures made of it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.indicators.basis import Basis
from apps.indicators.computation import compute
from apps.indicators.kpi_set import current_kpis
from apps.organisation.models import Site
from apps.submissions import checks, services, workflow
from apps.submissions.choices import State
from apps.submissions.models import Explanation, Submission
from apps.submissions.sheets import load_sheet
from apps.supply_chain import yearly
from apps.supply_chain.models import Assessment, Supplier, SupplierRegion, SupplierYear, SupplyCategory, TenderYear
from apps.supply_chain.register import services as register
from tests.by_hand import words
from tests.factories import SupplierFactory, World
from tests.supply_chain.suppliers import assess, form_of
from tests.supply_chain.tenders import Market

SignIn = Callable[[User], Client]


class Suppliers:
    """A, B and C at Hami, C and D at Baishan; A and C are major. The worked example of the figures."""

    def __init__(self, world: World) -> None:
        xinjiang, jilin = (SupplierRegion.objects.get(code=code) for code in ("xinjiang", "jilin"))
        dolomite = SupplyCategory.objects.get(code="dolomite")

        def supplier(code: str, region: SupplierRegion, *sites: Site, **fields: Any) -> Supplier:
            made: Supplier = SupplierFactory(code=code, region=region, sites=sites, supplies=[dolomite], **fields)
            return made

        self.a = supplier("A", xinjiang, world.hami, is_major=True)
        self.b = supplier("B", xinjiang, world.hami)
        self.c = supplier("C", xinjiang, world.hami, world.baishan, is_major=True)
        self.d = supplier("D", jilin, world.baishan, practices_apply=False)
        supplier("GONE", jilin, world.hami, active_until=dt.date(2019, 12, 31))
        supplier("LATER", jilin, world.hami, active_from=dt.date(2021, 1, 1))
        assess(self.a, world.clerk, world.reviewer)
        assess(self.b, world.clerk, world.reviewer, kind="permits")
        # C's audit ended in October; another one nobody confirmed.
        assess(self.c, world.clerk, world.reviewer, assessed_on=dt.date(2019, 10, 1), valid_until=dt.date(2020, 10, 1))
        assess(self.c, world.clerk, assessed_on=dt.date(2020, 11, 1), valid_until=dt.date(2021, 11, 1))


@pytest.fixture
def suppliers(supply_world: World) -> Suppliers:
    return Suppliers(supply_world)


def take_over(form: Submission, user: User) -> int:
    with acting_as(user, "test"):
        return services.take_over(submission_id=form.pk, user=user)


def spend(form: Submission, **amounts: str) -> None:
    for code, amount in amounts.items():
        SupplierYear.objects.filter(submission=form, supplier__code=code).update(spend_cny=Decimal(amount))


def entry(form: Submission) -> str:
    return reverse("submissions:edit", args=[form.pk])


def fields_of(form: Submission, **changes: str) -> dict[str, str]:
    """What the browser sends of both registers, with spend by the supplier's code."""
    form.refresh_from_db()
    lines = list(
        SupplierYear.objects.filter(submission=form).select_related("supplier").order_by("-is_major", "supplier__code")
    )
    sent = {
        "revision": str(form.revision),
        "supplier-TOTAL_FORMS": str(len(lines)), "supplier-INITIAL_FORMS": str(len(lines)),
        "supply_practice-TOTAL_FORMS": "0", "supply_practice-INITIAL_FORMS": "0",
    }  # fmt: skip
    for place, line in enumerate(lines):
        sent |= {
            f"supplier-{place}-id": str(line.pk),
            f"supplier-{place}-spend_cny": changes.get(line.supplier.code, ""),
        }
    return sent


def test_the_form_takes_its_suppliers_from_the_register(
    supply_world: World, suppliers: Suppliers, sign_in: SignIn
) -> None:
    form, client = form_of(supply_world.hami), sign_in(supply_world.clerk)
    page = words(client.get(entry(form)))
    assert "Suppliers of the year: 3 lines differ from what the portal knows." in page
    response = client.post(entry(form), {**fields_of(form), "take_over": "1"}, follow=True)
    assert "3 lines brought up to date." in words(response)
    lines = SupplierYear.objects.filter(submission=form).order_by("supplier__code")
    assert [
        (
            line.supplier.code,
            line.region.code,
            line.is_major,
            line.practices_apply,
            line.is_assessed,
            line.is_labour_audited,
        )
        for line in lines.select_related("supplier", "region")
    ] == [
        ("A", "xinjiang", True, True, True, True),
        ("B", "xinjiang", False, True, True, False),
        ("C", "xinjiang", True, True, False, False),
    ]
    assert "differ from what the portal knows" not in words(response)
    assert "C 供应商C is a major supplier and had no valid labour audit" in words(response)


def test_spend_is_typed_kept_and_survives_the_next_taking_over(
    supply_world: World, suppliers: Suppliers, sign_in: SignIn
) -> None:
    form, client = form_of(supply_world.hami), sign_in(supply_world.clerk)
    take_over(form, supply_world.clerk)
    # What was typed is saved before the register is asked again.
    suppliers.b.is_major = True
    suppliers.b.save()
    client.post(entry(form), {**fields_of(form, A="３,000,000", B="1000000.50"), "take_over": "1"})
    lines = {
        line.supplier.code: line for line in SupplierYear.objects.filter(submission=form).select_related("supplier")
    }
    assert lines["A"].spend_cny == Decimal(3_000_000)
    assert (lines["B"].spend_cny, lines["B"].is_major) == (Decimal("1000000.50"), True)
    assert lines["C"].spend_cny is None
    refused = client.post(entry(form), fields_of(form, A="-1"))
    assert refused.status_code == 422 and "cannot be negative" in words(refused)


def test_a_line_with_spend_is_never_dropped_without_a_word(
    supply_world: World, suppliers: Suppliers, sign_in: SignIn
) -> None:
    form, client = form_of(supply_world.hami), sign_in(supply_world.clerk)
    take_over(form, supply_world.clerk)
    spend(form, B="777")
    suppliers.b.sites.clear()
    assert take_over(form, supply_world.clerk) == 0
    assert SupplierYear.objects.get(submission=form, supplier=suppliers.b).spend_cny == 777
    assert "B 供应商B is no longer known for this period." in words(client.get(entry(form)))
    spend(form, B="0")
    assert take_over(form, supply_world.clerk) == 0, "a zero is typed as well"
    SupplierYear.objects.filter(submission=form, supplier=suppliers.b).update(spend_cny=None)
    assert take_over(form, supply_world.clerk) == 1


def test_a_reopened_form_may_keep_what_it_said(supply_world: World, suppliers: Suppliers) -> None:
    form = form_of(supply_world.hami)
    take_over(form, supply_world.clerk)
    hand_in_and_approve(form, supply_world)
    suppliers.a.region = suppliers.d.region
    suppliers.a.save()
    with acting_as(supply_world.lead, "test"):
        workflow.reopen(submission_id=form.pk, user=supply_world.lead, reason="A typo.")
    form.refresh_from_db()
    found = {finding.code: finding.severity for finding in checks.run(load_sheet(form))}
    assert found["out_of_date"] == "warning"
    hand_in_and_approve(form, supply_world)
    assert SupplierYear.objects.get(submission=form, supplier=suppliers.a).region.code == "xinjiang"


def test_the_reviewer_is_told_what_changed_after_handing_in(
    supply_world: World, suppliers: Suppliers, sign_in: SignIn
) -> None:
    form = form_of(supply_world.hami)
    take_over(form, supply_world.clerk)
    hand_in(form, supply_world)
    audit = suppliers.a.assessments.get()
    with acting_as(supply_world.lead, "test"):
        register.withdraw(user=supply_world.lead, pk=audit.pk, reason="Forged.")
    review = sign_in(supply_world.reviewer).get(reverse("admin:submissions_submission_change", args=[form.pk]))
    assert "1 line differs from what the portal knows" in words(review)
    start = words(sign_in(supply_world.lead).get(reverse("admin:index"), {"year": "2020"}))
    assert "An assessment that the form counts was withdrawn since." in start


def test_lines_are_neither_added_nor_deleted_by_hand(
    supply_world: World, suppliers: Suppliers, sign_in: SignIn
) -> None:
    form, client = form_of(supply_world.hami), sign_in(supply_world.clerk)
    take_over(form, supply_world.clerk)
    sent = fields_of(form, A="1")
    sent |= {"supplier-0-DELETE": "on", "supplier-TOTAL_FORMS": "4", "supplier-3-spend_cny": "5"}
    client.post(entry(form), sent)
    assert sorted(SupplierYear.objects.filter(submission=form).values_list("supplier__code", flat=True)) == [
        "A",
        "B",
        "C",
    ]


def hand_in(form: Submission, world: World) -> None:
    form.refresh_from_db()
    user = world.clerk if form.site == world.hami else world.other_clerk
    with acting_as(user, "test"):
        services.save_entry(submission_id=form.pk, user=user, revision=form.revision, entered=_nothing_to_report())
        for finding in checks.run(load_sheet(form)):
            if finding.severity == "warning":
                Explanation.objects.update_or_create(
                    submission=form,
                    finding=finding.code,
                    row=finding.row,
                    defaults={"fingerprint": finding.fingerprint, "text": "So it is.", "written_by": user},
                )  # fmt: skip
        form.refresh_from_db()
        workflow.submit(submission_id=form.pk, user=user, revision=form.revision)


def hand_in_and_approve(form: Submission, world: World) -> None:
    hand_in(form, world)
    with acting_as(world.reviewer, "test"):
        workflow.approve(submission_id=form.pk, user=world.reviewer)


def _nothing_to_report() -> Any:
    from apps.submissions.entry import Entered

    return Entered(nothing_to_report={"supply_practice": True})


def test_a_form_that_is_out_of_date_is_not_handed_in(supply_world: World, suppliers: Suppliers) -> None:
    form = form_of(supply_world.hami)
    take_over(form, supply_world.clerk)
    suppliers.b.sites.clear()
    with pytest.raises(workflow.Refused):
        hand_in_and_approve(form, supply_world)
    assert take_over(form, supply_world.clerk) == 1
    hand_in_and_approve(form, supply_world)
    form.refresh_from_db()
    assert form.state == State.APPROVED


def figures(world: World) -> Any:
    return compute(year=world.year, sites=[world.hami, world.baishan], basis=Basis.APPROVED, kpis=current_kpis())


def both_approved(world: World) -> None:
    for site, user in ((world.hami, world.clerk), (world.baishan, world.other_clerk)):
        form = form_of(site)
        take_over(form, user)
        if site == world.hami:
            spend(form, A="3000000", B="1000000")
        hand_in_and_approve(form, world)


def test_the_worked_example(supply_world: World, suppliers: Suppliers) -> None:
    """A, B, C at Hami and C, D at Baishan are 3, 2 and, of the group, 4 suppliers."""
    both_approved(supply_world)
    found = figures(supply_world)
    sites = (supply_world.hami, supply_world.baishan, None)
    expected = {
        "SC-SUPPLIERS": ("3", "2", "4"),
        "SC-REGION-XINJIANG": ("3", "1", "3"),
        "SC-REGION-XINJIANG-SHARE": ("100.0", "50.0", "75.0"),
        "SC-REGION-JILIN": ("0", "1", "1"),
        "SC-REGION-JILIN-SHARE": ("0.0", "50.0", "25.0"),
        "SC-MAJOR": ("2", "1", "2"),
        "SC-MAJOR-AUDITED": ("1", "0", "1"),
        "SC-MAJOR-AUDITED-SHARE": ("50.0", "0.0", "50.0"),
        "SC-COVERED": ("3", "1", "3"),
        "SC-ASSESSED": ("2", "0", "2"),
        "SC-ASSESSED-SHARE": ("66.7", "0.0", "66.7"),
        "SC-SPEND-GIVEN": ("2", "0", "2"),
        "SC-SPEND": ("4,000,000", "–", "4,000,000"),
        "SC-SPEND-ASSESSED": ("4,000,000", "–", "4,000,000"),
        "SC-PRACTICES-ENGAGEMENT": ("0", "0", "0"),
    }
    shown = {code: tuple(found.of(code, site).display for site in sites) for code in expected}
    assert shown == expected


def test_a_later_audit_replaces_an_earlier_one(supply_world: World, suppliers: Suppliers) -> None:
    """Passed in June, failed in September for child labour: no valid audit at year end, whatever June's date says."""
    assess(
        suppliers.a,
        supply_world.clerk,
        supply_world.reviewer,
        assessed_on=dt.date(2020, 9, 1),
        result="failed",
        valid_until=None,
        child_labour="found",
        findings="A boy of fourteen",
    )
    both_approved(supply_world)
    assert figures(supply_world).of("SC-MAJOR-AUDITED").display == "0"


@pytest.mark.parametrize(("checked_on", "put_right", "valid"), [
    (None, None, False), (dt.date(2020, 8, 20), True, True), (dt.date(2020, 8, 20), False, False),
    (dt.date(2021, 2, 1), True, False),
])  # fmt: skip
def test_a_condition_that_is_not_met_ends_the_pass(
    supply_world: World, checked_on: dt.date | None, put_right: bool | None, valid: bool
) -> None:
    """Due on 1 September 2020: open, put right in time, found not put right, put right only in the new year."""
    audit = assess(SupplierFactory(), supply_world.clerk, supply_world.reviewer, result="conditional", findings="Exits")
    if checked_on is not None and put_right is not None:
        with acting_as(supply_world.clerk, "test"):
            register.recheck(
                user=supply_world.clerk, pk=audit.actions.get().pk, checked_on=checked_on, put_right=put_right,
                outcome="Seen.",
            )  # fmt: skip
    assert Assessment.objects.valid_on(dt.date(2020, 12, 31)).exists() == valid
    assert Assessment.objects.valid_on(dt.date(2020, 8, 31)).exists() == (put_right is not False)


def test_whoever_left_in_the_year_is_judged_on_its_last_day(supply_world: World) -> None:
    gone = SupplierFactory(sites=[supply_world.hami], is_major=True, active_until=dt.date(2020, 2, 1))
    assess(
        gone,
        supply_world.clerk,
        supply_world.reviewer,
        assessed_on=dt.date(2019, 7, 1),
        valid_until=dt.date(2020, 7, 1),
    )
    form = form_of(supply_world.hami)
    take_over(form, supply_world.clerk)
    assert SupplierYear.objects.get(submission=form).is_labour_audited


def test_spend_with_nobody_assessed_is_zero_and_not_nothing(supply_world: World) -> None:
    supplier = SupplierFactory(sites=[supply_world.hami])
    form = form_of(supply_world.hami)
    take_over(form, supply_world.clerk)
    spend(form, **{supplier.code: "100"})
    hand_in_and_approve(form, supply_world)
    found = figures(supply_world)
    shown = [found.of(f"SC-SPEND{end}", supply_world.hami).display for end in ("", "-ASSESSED", "-SHARE", "-GIVEN")]
    assert shown == ["100", "0", "0.0", "1"]


def test_two_sites_that_tell_a_supplier_differently_are_seen(
    supply_world: World, suppliers: Suppliers, sign_in: SignIn
) -> None:
    hami, baishan = form_of(supply_world.hami), form_of(supply_world.baishan)
    take_over(hami, supply_world.clerk)
    hand_in_and_approve(hami, supply_world)
    suppliers.c.region = suppliers.d.region
    suppliers.c.save()
    take_over(baishan, supply_world.other_clerk)
    hand_in_and_approve(baishan, supply_world)
    start = words(sign_in(supply_world.lead).get(reverse("admin:index"), {"year": "2020"}))
    assert "Sites tell the region of this supplier, or whether it is major, differently." in start


def test_an_approved_figure_stands_whatever_the_register_says_later(supply_world: World, suppliers: Suppliers) -> None:
    both_approved(supply_world)
    suppliers.a.region = suppliers.d.region
    suppliers.a.is_major = False
    suppliers.a.save()
    suppliers.b.sites.clear()
    found = figures(supply_world)
    assert found.of("SC-REGION-XINJIANG").display == "3"
    assert found.of("SC-MAJOR").display == "2"
    assert found.of("SC-SUPPLIERS", supply_world.hami).display == "3"


def test_the_records_behind_a_count_add_up_to_it(supply_world: World, suppliers: Suppliers, sign_in: SignIn) -> None:
    both_approved(supply_world)
    client = sign_in(supply_world.auditor)
    page = words(client.get(reverse("indicators:figure", args=["2020", "SC-SUPPLIERS"])))
    assert "C 供应商C" in page and "D 供应商D" in page
    kpi = current_kpis()["SC-SUPPLIERS"]
    sites = [supply_world.hami, supply_world.baishan]
    records = kpi.records(year=supply_world.year, sites=sites, basis=Basis.APPROVED)  # type: ignore[attr-defined]
    adds = sorted((record.supplier.code, record.contribution) for record in records)
    assert adds == [("A", 1), ("B", 1), ("C", 0), ("C", 1), ("D", 1)]


def test_review_and_history_name_the_supplier(supply_world: World, suppliers: Suppliers, sign_in: SignIn) -> None:
    form = form_of(supply_world.hami)
    take_over(form, supply_world.clerk)
    sign_in(supply_world.clerk).post(entry(form), fields_of(form, A="25"))
    history = words(sign_in(supply_world.clerk).get(reverse("submissions:history", args=[form.pk])))
    assert "Suppliers of the year: 供应商A" in history
    with acting_as(supply_world.clerk, "test"):
        services.take_over(submission_id=form.pk, user=supply_world.clerk)
    review = words(sign_in(supply_world.reviewer).get(reverse("admin:submissions_submission_change", args=[form.pk])))
    assert "A 供应商A" in review and "Xinjiang" in review and "Valid labour audit" in review


def test_the_tenders_of_a_year_are_those_awarded_and_decided_in_it(supply_world: World) -> None:
    """Four bids, one of them eliminated, decided in March 2020; another one that is only selected does not count."""
    market = Market(supply_world, due_on=dt.date(2020, 3, 1))
    market.award(decided_on=dt.date(2020, 3, 10))
    selected = Market(supply_world, number="HM-2020-02", due_on=dt.date(2020, 5, 1))
    selected.select(decided_on=dt.date(2020, 5, 10))
    form = form_of(supply_world.hami)
    take_over(form, supply_world.clerk)
    line = TenderYear.objects.get(submission=form)
    assert (line.tender, line.bids, line.eliminated) == (market.tender, 4, 1)
    hand_in_and_approve(form, supply_world)
    found = figures(supply_world)
    shown = [found.of(code, supply_world.hami).display for code in ("SC-TENDERS", "SC-BIDS", "SC-BIDS-ELIMINATED")]
    assert shown == ["1", "4", "1"]
    assert yearly.tenders_of(form_of(supply_world.baishan)) == []
