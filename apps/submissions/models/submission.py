"""One site × one period × one section."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.organisation.models import Period, Site
from apps.submissions.choices import OPEN_STATES, REVIEWER_LABELS, STATE_SIGNS, State

if TYPE_CHECKING:
    from apps.submissions.sections import Section


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Submissions by where they stand."""

    def open(self) -> Self:
        """Still with the site: being filled in or sent back."""
        return self.filter(state__in=OPEN_STATES)

    def to_review(self) -> Self:
        return self.filter(state=State.SUBMITTED)

    def approved(self) -> Self:
        return self.filter(state=State.APPROVED)

    def late(self, today: dt.date | None = None) -> Self:
        return self.open().filter(period__due_on__lt=today or timezone.localdate())

    def with_place(self) -> Self:
        """With what its title needs."""
        return self.select_related("site", "period", "period__year")


class Submission(models.Model):
    """What a site hands in for a period in a section.

    Its state is written by workflow.py alone; a trigger refuses any other way (see triggers.py).
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    # Its index goes on to the section: see below.
    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, related_name="+", verbose_name=_("period"), db_index=False
    )
    section = models.CharField(_("section"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("last worked on by"),
    )
    saved_at = models.DateTimeField(_("last worked on"), null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("handed in by"),
    )
    submitted_at = models.DateTimeField(_("handed in"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ("period__starts_on", "site__position", "section", "pk")
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="submission_by_state"),
            # How complete a year is follows from it alone, and so do the first and the last form of a section.
            models.Index(fields=["period", "section", "id"], include=["state"], name="submission_in_period"),
            # Lists go from the newest period to the oldest and pass over those that have no form in a state.
            models.Index(fields=["period", "state"], name="submission_state_in_period"),
            # Everybody is told what was approved lately.
            models.Index(fields=["approved_at", "id"], name="submission_approved", condition=Q(state=State.APPROVED)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="submission_once",
                fields=["site", "period", "section"],
                violation_error_message=_("This site already has this section for this period."),
            ),
            models.CheckConstraint(
                name="submission_known_state",
                condition=Q(state__in=State.values),
                violation_error_message=_("A submission is in progress, handed in, sent back or approved."),
            ),
            models.CheckConstraint(
                name="submission_handed_in_by_someone",
                condition=~Q(state__in=[State.SUBMITTED, State.APPROVED])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                violation_error_message=_("What is handed in names the person and the time."),
            ),
            models.CheckConstraint(
                name="submission_approved_by_someone",
                condition=Q(state=State.APPROVED, approved_at__isnull=False, approved_by__isnull=False)
                | (~Q(state=State.APPROVED) & Q(approved_at__isnull=True, approved_by__isnull=True)),
                violation_error_message=_("Approved means a person and a time, and nothing else does."),
            ),
            models.CheckConstraint(
                name="submission_four_eyes",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
                violation_error_message=_("Nobody approves what they handed in."),
            ),
            models.CheckConstraint(
                name="submission_approved_after_handed_in",
                condition=Q(approved_at__isnull=True) | Q(approved_at__gte=F("submitted_at")),
                violation_error_message=_("An approval comes after the handing in."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section_declaration.title} · {self.site} · {self.period}"

    @property
    def section_declaration(self) -> "Section":
        from apps.submissions.sections import sections  # the registry needs the models first

        return sections[self.section]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_late(self) -> bool:
        return self.is_open and self.period.due_on < timezone.localdate()

    @property
    def days_left(self) -> int:
        return (self.period.due_on - timezone.localdate()).days

    @property
    def sign(self) -> str:
        return STATE_SIGNS[State(self.state)]

    @property
    def reviewer_label(self) -> str:
        return str(REVIEWER_LABELS[State(self.state)])
