"""Rounds of signing, opened and closed through the services."""

import datetime as dt

from django.utils import timezone

from apps.accounts.models import User
from apps.anti_corruption.campaigns import services
from apps.anti_corruption.models import Campaign, Duty
from apps.audit.context import acting_as
from apps.organisation.models import Site
from tests.anti_corruption.records import Integrity, issued


def opened(integrity: Integrity, user: User | None = None, site: Site | None = None, days: int = 30) -> Campaign:
    """A yearly round as ``user``, the officer of the group, opens it."""
    who = user or integrity.officer
    with acting_as(who, "test"):
        return services.open_campaign(
            user=who, title="Yearly", site=site, due_on=timezone.localdate() + dt.timedelta(days=days)
        )


def both_issued(integrity: Integrity) -> None:
    """A statement and a code in force, without anybody being asked."""
    for document in (integrity.statement, integrity.code):
        issued(document, integrity.officer)


def closed(integrity: Integrity) -> None:
    """Closes every round that somebody opened."""
    for campaign in Campaign._default_manager.filter(opened_by__isnull=False, closed_at__isnull=True):
        with acting_as(integrity.officer, "test"):
            services.close(campaign_id=campaign.pk, user=integrity.officer)


def itself(day: dt.date | None = None) -> int:
    with acting_as(None, "test"):
        return services.open_by_themselves(day=day)


def rows(campaign: Campaign) -> list[tuple[str, str, str, str]]:
    found = Duty.objects.filter(campaign=campaign).values_list("user__username", "site__code", "post__code", "rank")
    return sorted(found)
