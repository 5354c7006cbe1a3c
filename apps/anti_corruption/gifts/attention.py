"""Gifts that wait for an officer, for the list of tasks."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.models import Gift
from apps.submissions.tasks import MOST, Task


def tasks(user: User) -> Sequence[Task]:
    """Gifts of others at the sites of an officer of which nobody has said what became of them. No giver, no thing."""
    if not policies.is_officer(user):
        return []
    waiting = (
        Gift.objects.unsettled()
        .filter(site__in=policies.sites_of_officer(user))
        .exclude(receiver=user.pk)
        .select_related("receiver", "site")
        .order_by("registered_on", "pk")
    )
    return [
        Task(
            title=_("Gift of %(person)s") % {"person": gift.receiver},
            detail=_("To be handed in or returned") if gift.must_go else _("Confirm what became of it."),
            url=reverse("integrity:gift", args=[gift.pk]),
        )
        for gift in waiting[:MOST]
    ]
