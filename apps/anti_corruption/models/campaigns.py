"""Rounds of signing and who has to sign in them.

``Duty`` carries no words: what people say, also why they decline, is in rows that nobody changes and no trail copies.
"""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.anti_corruption.models.documents import DocumentVersion
from apps.anti_corruption.models.posts import Post, Rank
from apps.organisation.models import Site


class Occasion(models.TextChoices):
    """Why people are asked to sign."""

    YEARLY = "yearly", _("Yearly round")
    NEW_HOLDER = "new_holder", _("New holders of positions")
    NEW_VERSION = "new_version", _("New version")


class Campaign(models.Model):
    """A round of signing: the statement to sign and the code to read, by whom, until when.

    Those for new holders and new versions open by themselves (``opened_by`` is empty) and take in whoever follows.
    """

    title = models.CharField(_("title"), max_length=120)
    occasion = models.CharField(_("occasion"), max_length=11, choices=Occasion.choices)
    site = models.ForeignKey(
        Site,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("site"),
        help_text=_("Empty: every site of the group."),
    )
    statement = models.ForeignKey(
        DocumentVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("statement to sign")
    )
    conduct = models.ForeignKey(
        DocumentVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("code to read")
    )
    opened_on = models.DateField(_("opened on"))
    due_on = models.DateField(_("due on"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("opened by")
    )
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("round of signing")
        verbose_name_plural = _("rounds of signing")
        ordering = ("-opened_on", "-pk")
        constraints = [
            models.CheckConstraint(
                name="campaign_known_occasion",
                condition=Q(occasion__in=Occasion.values),
                violation_error_message=_("Choose an occasion."),
            ),
            models.CheckConstraint(
                name="campaign_dates_in_order",
                condition=Q(due_on__gte=F("opened_on")),
                violation_error_message=_("The due date lies before the day of opening."),
            ),
            models.CheckConstraint(
                name="campaign_closed_by_someone",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                violation_error_message=_("A round is closed by a person at a time."),
            ),
            models.UniqueConstraint(
                name="campaign_one_by_itself",
                fields=["occasion", "statement", "conduct"],
                condition=Q(opened_by__isnull=True, closed_at__isnull=True),
                violation_error_message=_("Such a round is open already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """What it is called; rounds that open by themselves in the language of the reader."""
        if self.opened_by_id is None:
            return f"{self.statement.number} · {self.get_occasion_display()}"
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class DutyState(models.TextChoices):
    """Where somebody stands in a round."""

    OPEN = "open", _("Open")
    SIGNED = "signed", _("Signed")
    DECLINED = "declined", _("Declined")
    EXCUSED = "excused", _("Excused")
    REPLACED = "replaced", _("Replaced by another round")


class DutyQuerySet(models.QuerySet["Duty"]):
    """Duties by what is still to be done about them."""

    def counting(self) -> Self:
        """Those that somebody owes or has done: without the excused and the replaced ones."""
        return self.exclude(state__in=(DutyState.EXCUSED, DutyState.REPLACED))

    def to_sign(self) -> Self:
        """Those that can still be signed."""
        return self.filter(state__in=(DutyState.OPEN, DutyState.DECLINED), campaign__closed_at__isnull=True)

    def overdue(self, day: dt.date) -> Self:
        """Open on ``day`` though their day is over."""
        return self.filter(state=DutyState.OPEN, due_on__lt=day)


class Duty(models.Model):
    """Somebody has to sign in a round. Site, rank and position are those of the day of opening."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="duties", verbose_name=_("round of signing")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", verbose_name=_("important position"))
    rank = models.CharField(_("rank"), max_length=8, choices=Rank.choices)
    opened_on = models.DateField(_("opened on"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=8, choices=DutyState.choices, default=DutyState.OPEN)
    # Of the first signature; a correction does not move it.
    signed_on = models.DateField(_("signed on"), null=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("excused by")
    )
    excused_because = models.CharField(_("why excused"), max_length=300, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty to sign")
        verbose_name_plural = _("duties to sign")
        ordering = ("campaign", "site", "rank", "user")
        indexes = [
            models.Index(fields=["user", "state"], name="duty_by_user"),
            models.Index(fields=["campaign", "state", "due_on"], name="duty_by_campaign"),
            models.Index(fields=["site", "due_on"], name="duty_by_site"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="duty_once",
                fields=["campaign", "user"],
                violation_error_message=_("This person is asked in this round already."),
            ),
            models.CheckConstraint(
                name="duty_known_words",
                condition=Q(state__in=DutyState.values, rank__in=Rank.values),
                violation_error_message=_("Choose a state and a rank."),
            ),
            models.CheckConstraint(
                name="duty_dates_in_order",
                condition=Q(due_on__gte=F("opened_on")),
                violation_error_message=_("The due date lies before the day of opening."),
            ),
            models.CheckConstraint(
                name="duty_signed_on_a_day",
                condition=Q(state=DutyState.SIGNED, signed_on__isnull=False)
                | ~Q(state=DutyState.SIGNED) & Q(signed_on__isnull=True),
                violation_error_message=_("What is signed has its day."),
            ),
            models.CheckConstraint(
                name="duty_excused_with_reason",
                condition=Q(state=DutyState.EXCUSED, excused_by__isnull=False) & ~Q(excused_because="")
                | ~Q(state=DutyState.EXCUSED) & Q(excused_by__isnull=True, excused_because=""),
                violation_error_message=_("Say why the person is excused."),
            ),
            models.CheckConstraint(
                name="duty_not_excused_by_oneself",
                condition=Q(excused_by__isnull=True) | ~Q(excused_by=F("user")),
                violation_error_message=_("Nobody excuses themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.campaign}"

    @property
    def is_overdue(self) -> bool:
        return self.state == DutyState.OPEN and self.due_on < timezone.localdate()


class Reminder(models.Model):
    """Somebody was reminded of a duty: by an officer, or by the portal itself."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="reminders", verbose_name=_("duty to sign"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("reminded by")
    )
    sent_at = models.DateTimeField(_("reminded"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("duty", "-sent_at")

    def __str__(self) -> str:
        return f"{self.duty} · {self.sent_at:%Y-%m-%d}"
