"""What of integrity stands on the to-do lists and on the reviewers' start page."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, Final

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import User
from apps.anti_corruption.campaigns import attention as campaigns
from apps.anti_corruption.conflicts import attention as conflicts
from apps.anti_corruption.gifts import attention as gifts
from apps.anti_corruption.models import Conflict, Duty
from apps.anti_corruption.policies import SECTION, without_decider
from apps.anti_corruption.signing import attention as signing
from apps.organisation.choices import Role
from apps.organisation.models import ReportingYear, Site
from apps.organisation.policies import grants
from apps.submissions.attention import Item, Watch, watches
from apps.submissions.tasks import TaskList, task_lists

_WATCHING: Final = (Role.LEAD_REVIEWER, Role.AUDITOR)
# Those who can have somebody else decide.
_WATCHING_DECIDERS: Final = (Role.LEAD_REVIEWER, Role.ADMINISTRATOR)

for _code, _title, _tasks, _rows in (
    (
        "declarations_to_sign",
        gettext_lazy("Statements to sign"),
        signing.tasks,
        "anti_corruption_duty d WHERE d.user_id = asked.person AND d.state = 'open'",
    ),
    (
        "wrongdoing_to_read",
        gettext_lazy("Reports of wrongdoing to read"),
        signing.reports,
        "anti_corruption_declaration",
    ),
    ("rounds_of_signing", gettext_lazy("Rounds of signing to follow up"), campaigns.tasks, "anti_corruption_campaign"),
    (
        "conflicts_to_decide",
        gettext_lazy("Conflicts of interest to decide"),
        conflicts.tasks,
        "anti_corruption_conflict",
    ),
    ("gifts_to_settle", gettext_lazy("Gifts to follow up"), gifts.tasks, "anti_corruption_gift"),
):
    task_lists.register(TaskList(code=_code, title=_title, tasks=_tasks, rows=_rows))


def declarations_overdue(user: User, year: ReportingYear) -> Sequence[Item]:
    """How many statements are overdue today at which site, whatever year is looked at. Two questions, no names."""
    sites = _sites_watched(user, _WATCHING)
    if not sites:
        return []
    overdue: Any = Duty.objects.overdue(timezone.localdate()).to_sign()
    if None not in sites:
        overdue = overdue.filter(site__in=sites)
    counts = overdue.order_by().values("site").annotate(count=Count("pk"))
    by_site = {row["site"]: row["count"] for row in counts}
    return [
        Item(
            title=site.name,
            detail=ngettext("%(count)d statement overdue", "%(count)d statements overdue", by_site[site.pk])
            % {"count": by_site[site.pk]},
            url=_forms_of(site),
        )
        for site in Site.objects.filter(pk__in=by_site)
    ]


def _undecided(user: User, year: ReportingYear) -> list[QuerySet[Conflict]]:
    sites = _sites_watched(user, _WATCHING_DECIDERS)
    waiting: Any = Conflict.objects.undecided().select_related("declaration__duty").defer("declaration__answers")
    if None not in sites:
        waiting = waiting.filter(declaration__duty__site__in=sites)
    return [waiting]


def conflicts_without_decider(user: User, year: ReportingYear, conflicts: Sequence[Conflict]) -> Sequence[Item]:
    """How many conflicts at which site wait for nobody. Three questions more; neither names nor kinds stand here."""
    if not conflicts:
        return []
    stuck = without_decider(conflicts)
    by_site = Counter(each.declaration.duty.site_id for each in conflicts if each.pk in stuck)
    return [
        Item(
            title=site.name,
            detail=ngettext("%(count)d conflict", "%(count)d conflicts", by_site[site.pk])
            % {"count": by_site[site.pk]},
            url=_forms_of(site),
        )
        for site in Site.objects.filter(pk__in=by_site)
    ]


def _sites_watched(user: User, roles: Collection[str]) -> set[int | None]:
    """Where somebody has one of ``roles``. Declarations belong to no form, so a role in any other section opens nothing
    here.
    """
    return {grant.site_id for grant in grants(user) if grant.role in roles and grant.section in ("", SECTION)}


def _forms_of(site: Site) -> str:
    page = reverse("admin:submissions_submission_changelist")
    return f"{page}?site__id__exact={site.pk}&section={SECTION}"


watches.register(
    Watch(
        code="declarations_overdue",
        title=gettext_lazy("Declarations overdue"),
        help=gettext_lazy("Today, by site. Who they are, the integrity officers read."),
        questions=lambda user, year: [],
        items=declarations_overdue,
    )
)
watches.register(
    Watch(
        code="conflicts_without_decider",
        title=gettext_lazy("Conflicts nobody may decide"),
        help=gettext_lazy("Every integrity officer of the site is concerned: give the role to another person."),
        questions=_undecided,
        items=conflicts_without_decider,
    )
)
