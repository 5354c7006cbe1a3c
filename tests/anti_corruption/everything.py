"""One row of everything about integrity at Hami, for tests that ask every URL."""

from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.cases import services as cases
from apps.anti_corruption.gifts import services as gifts
from apps.anti_corruption.models import CaseOutcome, CaseSubject, ConcludedCase, Gift, PostHolder
from apps.anti_corruption.policies import SECTION
from apps.anti_corruption.signing import services as signing
from apps.audit.context import acting_as
from apps.submissions import services
from tests.anti_corruption.records import Integrity, answered, draft, duty_in, round_of, sign
from tests.factories import AssignmentFactory, UserFactory, World


def put_integrity(world: World) -> tuple[Integrity, User, dict[str, dict[str, Any]]]:
    """Returns the company, somebody at Hami who signed and has another duty open, and the objects of each URL."""
    AssignmentFactory(site=world.hami, section=SECTION)
    services.match_assignments(world.year)
    integrity = Integrity(world)
    declarant, decliner = UserFactory(username="declarant"), UserFactory(username="decliner")
    earlier, campaign = round_of(integrity, declarant), round_of(integrity, declarant)
    integrity.holder(declarant, world.hami)
    declaration = sign(earlier.duties.get(user=declarant), answered(own_interests="Ten shares of a supplier."))
    declined = duty_in(campaign, decliner, world.hami, integrity.buying)
    with acting_as(decliner, "test"):
        refusal = signing.decline(user=decliner, duty_id=declined.pk, reason="I have a question first.")
    today = timezone.localdate()
    with acting_as(declarant, "test"):
        gift = gifts.register(
            user=declarant,
            gift=Gift(
                site=world.hami, received_on=today, giver="A supplier", occasion="Visit", item="Tea", value_cny=80
            ),
        )
    with acting_as(integrity.officer, "test"):
        unissued = draft(integrity.code, integrity.officer, "2", today)
        case = cases.enter_case(
            user=integrity.officer,
            case=ConcludedCase(
                site=world.hami,
                reference="(2020) 1",
                subject=CaseSubject.EMPLOYEE,
                matter="Rebates",
                authority="District court",
                concluded_on=today,
                outcome=CaseOutcome.CONVICTED,
            ),
        )
    duty = campaign.duties.get(user=declarant)
    holder = PostHolder._default_manager.get(user=declarant)
    conflict = declaration.conflicts.get()
    objects = {
        **dict.fromkeys(("duty", "duty_sign", "duty_decline"), {"duty": duty.pk}),
        "duty_text": {"duty": duty.pk, "version": campaign.conduct_id},
        **dict.fromkeys(
            ("declaration", "receipt", "receipt_pdf", "receipt_json", "declaration_correct"),
            {"declaration": declaration.pk},
        ),
        **dict.fromkeys(("gift", "gift_correct", "gift_settle"), {"gift": gift.pk}),
        "version_prepare": {"pk": integrity.code.pk},
        "version": {"pk": campaign.conduct_id},
        **dict.fromkeys(("version_edit", "version_issue", "version_discard"), {"pk": unissued.pk}),
        "holder_end": {"pk": holder.pk},
        **dict.fromkeys(("campaign", "campaign_export", "campaign_remind", "campaign_close"), {"pk": campaign.pk}),
        "duty_excuse": {"pk": duty.pk},
        "refusal": {"pk": refusal.pk},
        **dict.fromkeys(("conflict", "conflict_decide", "conflict_concerned", "conflict_partner"), {"pk": conflict.pk}),
        **dict.fromkeys(("case", "case_correct"), {"pk": case.pk}),
    }
    return integrity, declarant, {f"integrity:{name}": keys for name, keys in objects.items()}
