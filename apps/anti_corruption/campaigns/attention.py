"""What officers have to do about rounds: people who are late, and rounds that can be closed."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count, Exists, Min, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.anti_corruption import policies
from apps.anti_corruption.models import Campaign, Duty, DutyState
from apps.submissions.tasks import MOST, Task


def tasks(user: User) -> Sequence[Task]:
    """Rounds with overdue people of one's sites, and one's own rounds whose day is over."""
    if not policies.is_officer(user):
        return []
    today = timezone.localdate()
    sites = policies.sites_of_officer(user)
    late = Duty.objects.overdue(today).filter(campaign__closed_at__isnull=True, site__in=sites).order_by()
    counted = late.values_list("campaign_id").annotate(people=Count("pk"), since=Min("due_on"))
    overdue = {campaign_id: (people, since) for campaign_id, people, since in counted}
    found = []
    rounds = Campaign._default_manager.select_related("statement")
    for campaign in rounds.filter(pk__in=list(overdue)[:MOST]):
        people, since = overdue[campaign.pk]
        detail = ngettext("%(count)d person is overdue.", "%(count)d people are overdue.", people) % {"count": people}
        page = reverse("integrity:campaign", args=[campaign.pk])
        found.append(Task(title=campaign.name, detail=detail, url=f"{page}?state=overdue", due_on=since))
    return found + _to_close(user, today)


def _to_close(user: User, today: dt.date) -> list[Task]:
    """Past their day, opened by somebody, and nobody is open in them any more."""
    waiting = Duty.objects.filter(campaign=OuterRef("pk"), state=DutyState.OPEN)
    over = Campaign._default_manager.filter(
        ~Exists(waiting), closed_at__isnull=True, opened_by__isnull=False, due_on__lt=today
    )
    if not policies.is_group_officer(user):
        over = over.filter(site__in=policies.sites_of_officer(user))
    return [
        Task(
            title=campaign.name,
            detail=_("Everybody has answered, and the day is over. Close the round."),
            url=reverse("integrity:campaign", args=[campaign.pk]),
            due_on=campaign.due_on,
        )
        for campaign in over[:MOST]
    ]
