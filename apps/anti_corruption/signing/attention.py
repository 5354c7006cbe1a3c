"""What somebody still has to sign, and what officers still have to read, for the lists of tasks."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.models import DutyState, Opening, QuestionKind
from apps.submissions.tasks import MOST, Task


def tasks(user: User) -> Sequence[Task]:
    """One's open duties with their due date: two questions."""
    duties = (
        policies.duties_of(user)
        .filter(state=DutyState.OPEN, campaign__closed_at__isnull=True)
        .select_related("campaign__statement__document")
        .prefetch_related("reminders")
        .order_by("due_on", "pk")
    )
    return [
        Task(
            title=duty.campaign.statement.document.name,
            detail=_("Read and sign. You were reminded.") if duty.reminders.all() else _("Read and sign."),
            url=reverse("integrity:duty", args=[duty.pk]),
            due_on=duty.due_on,
        )
        for duty in duties[:MOST]
    ]


def reports(user: User) -> Sequence[Task]:
    """Standing declarations of others that tell of wrongdoing and that this officer has not opened: two questions. No
    name and no word of it stands here.
    """
    if not policies.is_officer(user):
        return []
    unread = (
        policies.declarations_for(user)
        .filter(
            duty__site__in=policies.sites_of_officer(user),
            replaced_by__isnull=True,
            answers__contains=[{"kind": QuestionKind.WRONGDOING.value, "none": False}],
        )
        .exclude(signer=user.pk)
        .filter(~Exists(Opening._default_manager.filter(declaration=OuterRef("pk"), reader=user.pk)))
        .select_related("duty__site")
        .defer("answers")
        .order_by("signed_at", "pk")
    )
    return [
        Task(
            title=f"{found.duty.site.name} · {date_format(localtime(found.signed_at), 'SHORT_DATE_FORMAT')}",
            detail=_("Read the declaration."),
            url=reverse("integrity:declaration", args=[found.pk]),
        )
        for found in unread[:MOST]
    ]
