"""Conflicts as the pages show them: each with its state in a word and a sign, and what was decided."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.answers import Answer, readable
from apps.anti_corruption.models import Conflict, Decision, Declaration, Ruling

# Of each decision: its sign, and the state of the style sheet whose colour it has.
_MARKS = {
    Ruling.ACCEPTED: ("✓", "approved"),
    Ruling.MANAGED: ("✓", "approved"),
    Ruling.REFUSED: ("✕", "late"),
}


@dataclass(frozen=True, kw_only=True)
class ConflictLine:
    """One conflict on the list. No word of the answer stands here."""

    conflict: Conflict
    label: str
    sign: str
    colour: str
    # Whether nobody but the persons concerned could decide about it.
    is_stuck: bool


@dataclass(frozen=True, kw_only=True)
class DecidedLine:
    """What the signer reads of a conflict. Where nobody decided yet, ``ruling`` says so and the rest is empty."""

    kind: str
    ruling: str
    words: str = ""
    decided_by: str = ""
    decided_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionLine:
    """A decision on the page of a conflict. ``remark`` says whether it counts, where that is not plain."""

    decision: Decision
    remark: str = ""


def with_ruling(conflicts: QuerySet[Conflict]) -> QuerySet[Conflict]:
    """Each with ``ruling``, the last decision about it that counts, in the order of the list."""
    last: Any = Decision.objects.counting().filter(conflict=OuterRef("pk")).order_by("-pk").values("ruling")[:1]
    related = ("declaration__duty__site", "declaration__replaced_by")
    return conflicts.annotate(ruling=Subquery(last)).select_related(*related).order_by("-declaration__signed_at", "pk")


def lines(conflicts: Sequence[Conflict]) -> list[ConflictLine]:
    """``conflicts`` come from ``with_ruling``."""
    stuck = policies.without_decider([each for each in conflicts if not is_over(each)]) if conflicts else set()
    found = []
    for each in conflicts:
        ruling: str | None = getattr(each, "ruling", None)
        if is_over(each):
            label, sign, colour = _("Over"), "·", "not_due"
        elif ruling is None:
            label, sign, colour = _("Not decided"), "!", "returned"
        else:
            sign, colour = _MARKS[Ruling(ruling)]
            label = str(Ruling(ruling).label)
        found.append(
            ConflictLine(
                conflict=each,
                label=label,
                sign=sign,
                colour=colour,
                is_stuck=each.pk in stuck and ruling is None,
            )
        )
    return found


def is_over(conflict: Conflict) -> bool:
    """Whether another declaration replaced the one it comes from."""
    return getattr(conflict.declaration, "replaced_by", None) is not None


def answer_of(conflict: Conflict, user: User) -> Answer | None:
    """The one answer from which the conflict follows, and no other."""
    answers = readable(conflict.declaration, user)
    return next((answer for answer in answers if answer.kind == conflict.kind), None)


def decisions_of(conflict: Conflict, user: User) -> tuple[list[DecisionLine], bool]:
    """Every decision about it, the newest first, then those about the same answer before it was corrected; and whether
    one of its own counts.
    """
    own: Any = conflict.decisions
    decisions = list(own.select_related("decided_by").order_by("-pk"))
    counting = set(own.counting().values_list("pk", flat=True))
    last = max(counting, default=None)
    found = []
    for decision in decisions:
        if decision.pk not in counting:
            remark = _("This one does not count: who decided is concerned.")
        else:
            remark = _("This one counts.") if decision.pk == last and len(decisions) > 1 else ""
        found.append(DecisionLine(decision=decision, remark=remark))
    before = policies.conflicts_for(user).filter(
        declaration__duty=conflict.declaration.duty_id, kind=conflict.kind, pk__lt=conflict.pk
    )
    for decision in Decision.objects.filter(conflict__in=before).select_related("decided_by").order_by("-pk"):
        found.append(DecisionLine(decision=decision, remark=_("About the declaration that was replaced.")))
    return found, last is not None


def decided_for(declaration: Declaration) -> list[DecidedLine]:
    """For the signer's page: a line for each conflict of the declaration, with the decision that counts."""
    counting = Decision.objects.counting().select_related("decided_by")
    conflicts: Any = declaration.conflicts.prefetch_related(Prefetch("decisions", queryset=counting))
    found = []
    for conflict in conflicts.order_by("pk"):
        decision = max(conflict.decisions.all(), key=lambda each: each.pk, default=None)
        if decision is None:
            found.append(DecidedLine(kind=conflict.get_kind_display(), ruling=_("Not decided yet")))
        else:
            found.append(
                DecidedLine(
                    kind=conflict.get_kind_display(),
                    ruling=decision.get_ruling_display(),
                    words=decision.words,
                    decided_by=str(decision.decided_by),
                    decided_at=decision.decided_at,
                )
            )
    return found
