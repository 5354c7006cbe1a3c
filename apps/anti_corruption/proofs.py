"""What ``verify_audit`` asks of integrity: its rows are in no trail, so they prove themselves."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef

from apps.anti_corruption import digests
from apps.anti_corruption.models import (
    ConcernedPerson,
    ConcludedCase,
    Conflict,
    Decision,
    Declaration,
    Duty,
    DutyState,
    Gift,
    GiftHandling,
    NamedPartner,
    Opening,
    QuestionKind,
    Refusal,
    Reminder,
    TextRead,
)
from apps.anti_corruption.triggers import TRIGGERS
from apps.audit.proofs import Proof, proofs

APPEND_ONLY: Final = (
    ConcernedPerson,
    ConcludedCase,
    Conflict,
    Decision,
    Declaration,
    Gift,
    GiftHandling,
    NamedPartner,
    Opening,
    Refusal,
    Reminder,
    TextRead,
)


def unsigned_duties() -> Iterator[str]:
    """Duties that the trail knows as signed or declined, and nothing is there that says so."""
    declarations: Any = Declaration._default_manager.filter(duty=OuterRef("pk"))
    refusals: Any = Refusal._default_manager.filter(duty=OuterRef("pk"))
    gone = Duty.objects.filter(~Exists(declarations), state=DutyState.SIGNED)
    for pk in gone.order_by("pk").values_list("pk", flat=True):
        yield f"duty {pk}: it is signed, and its declaration is gone"
    gone = Duty.objects.filter(~Exists(refusals), state=DutyState.DECLINED)
    for pk in gone.order_by("pk").values_list("pk", flat=True):
        yield f"duty {pk}: it is declined, and the reason is gone"


def forgotten_conflicts() -> Iterator[str]:
    """Answers with details whose conflict is gone."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for declaration, kind in Conflict.objects.values_list("declaration_id", "kind"):
        kinds[declaration].add(kind)
    declarations: Any = Declaration._default_manager.order_by("pk").values_list("pk", "answers")
    for pk, answers in declarations.iterator(500):
        told = {answer["kind"] for answer in answers if not answer["none"]} - {QuestionKind.WRONGDOING}
        if told != kinds[pk]:
            yield f"declaration {pk}: its conflicts are not those of its answers"


def missing_triggers() -> Iterator[str]:
    """What no longer refuses anything; a trigger that is only off is found with all others."""
    wanted = {(model._meta.db_table, name) for model in APPEND_ONLY for name in ("append_only", "no_truncate")}
    wanted |= {(f"anti_corruption_{table}", trigger) for trigger, table, _function in TRIGGERS}
    wanted |= {("organisation_membership", "integrity_by_another"), ("accounts_user", "kept_id")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        there = set(cursor.fetchall())
    for table, name in sorted(wanted - there):
        yield f"trigger {name} on {table}: is gone"


proofs.register(Proof(code="declarations", differences=digests.differences))
proofs.register(Proof(code="duties", differences=unsigned_duties))
proofs.register(Proof(code="conflicts", differences=forgotten_conflicts))
proofs.register(Proof(code="triggers", differences=missing_triggers))
