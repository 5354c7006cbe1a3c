"""Certificates that want something: for reviewers to look at, for preparers to act on."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.organisation.models import ReportingYear
from apps.product_responsibility import pages, policies
from apps.product_responsibility.models import Certificate
from apps.product_responsibility.register import in_trouble
from apps.submissions.attention import Item, Watch, watches
from apps.submissions.tasks import Task, TaskList, task_lists


def _title(certificate: Certificate) -> str:
    return f"{certificate.site.name} · {certificate}"


def certificates_to_watch(user: User, year: ReportingYear, certificates: Sequence[Certificate]) -> Sequence[Item]:
    """Those in trouble today, whatever year is looked at."""
    today = timezone.localdate()
    found = in_trouble(certificates, today)
    return [
        Item(
            title=_title(each),
            detail=f"{each.state_on(today).label} · {date_format(each.last_day, 'SHORT_DATE_FORMAT')}",
            url=reverse("product:certificate", args=[each.pk]),
        )
        for each in found
    ]


def certificates_to_do(user: User) -> Sequence[Task]:
    """Those in trouble, near their last day or without a file, at the sites whose certificates ``user`` keeps."""
    if not policies.may_keep_somewhere(user):
        return []
    today = timezone.localdate()
    kept = list(policies.certificates_for(user).filter(policies.keepable_by(user)))
    return [
        Task(
            title=_title(line.certificate),
            detail=line.to_do,
            url=reverse("product:certificate", args=[line.certificate.pk]),
            due_on=line.certificate.last_day,
        )
        for line in pages.lines(kept, today)
        if line.to_do
    ]


watches.register(
    Watch(
        code="certificates",
        title=gettext_lazy("Certificates that are not valid"),
        help=gettext_lazy("Today: run out without another, or of an edition that was withdrawn."),
        questions=lambda user, year: [policies.certificates_for(user)],
        items=certificates_to_watch,
    )
)
task_lists.register(
    TaskList(
        code="certificates",
        title=gettext_lazy("Certificates to renew or complete"),
        tasks=certificates_to_do,
        rows="product_responsibility_certificate",
    )
)
