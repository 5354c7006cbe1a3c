"""Conflicts that wait for somebody's decision."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.submissions.tasks import MOST, Task


def tasks(user: User) -> Sequence[Task]:
    """Undecided ones for the officers who may decide, the oldest first; neither names nor words stand here."""
    if not policies.is_officer(user):
        return []
    waiting = policies.conflicts_to_decide(user).select_related("declaration__duty__site")
    return [
        Task(
            title=f"{conflict.declaration.duty.site.name} · {conflict}",
            detail=_("Declared on %(day)s")
            % {"day": date_format(localtime(conflict.declaration.signed_at), "SHORT_DATE_FORMAT")},
            url=reverse("integrity:conflict", args=[conflict.pk]),
        )
        for conflict in waiting.order_by("declaration__signed_at", "pk")[:MOST]
    ]
