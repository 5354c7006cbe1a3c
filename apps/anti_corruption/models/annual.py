"""What a site reports on anti-corruption for a year: counts copied from the registers, channels and training (B7)."""

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.anti_corruption.models.posts import Rank
from apps.submissions.models import Record

# More is a slip of the keys.
MOST_ON_PAPER: Final = 100_000


class SignedYear(Record):
    """How many of a rank had to sign in the year, and signed by its last day.

    The portal counts its own rounds; what was signed on paper, before the portal or beside it, is typed.
    """

    rank = models.CharField(_("rank"), max_length=8, choices=Rank.choices)
    due = models.PositiveIntegerField(_("due in the portal"))
    signed = models.PositiveIntegerField(_("signed in the portal"))
    # Somebody asked three times owes three statements. Whether a figure tells of few depends on the people.
    people = models.PositiveIntegerField(_("people due in the portal"))
    paper_due = models.PositiveIntegerField(_("due on paper"), null=True, blank=True)
    paper_signed = models.PositiveIntegerField(_("signed on paper"), null=True, blank=True)

    class Meta:
        verbose_name = _("statements signed in a year")
        verbose_name_plural = _("statements signed in a year")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="signedyear_once",
                fields=["submission", "rank"],
                violation_error_message=_("This rank has its line already."),
            ),
            models.CheckConstraint(
                name="signedyear_known_rank",
                condition=Q(rank__in=Rank.values),
                violation_error_message=_("Choose a rank."),
            ),
            models.CheckConstraint(
                name="signedyear_no_more_than_due",
                condition=Q(signed__lte=F("due")),
                violation_error_message=_("No more are signed than were due."),
            ),
            models.CheckConstraint(
                name="signedyear_people_owe_statements",
                condition=Q(due=0, people=0) | Q(due__gt=0, people__gte=1, people__lte=F("due")),
                violation_error_message=_("Each person who is asked owes at least one statement."),
            ),
            models.CheckConstraint(
                name="signedyear_paper_in_bounds",
                condition=Q(paper_due__isnull=True) | Q(paper_due__lte=MOST_ON_PAPER),
                violation_error_message=_("On paper at most 100,000 statements can be due. Check the number."),
            ),
            models.CheckConstraint(
                name="signedyear_paper_is_told",
                condition=Q(paper_due__isnull=True, paper_signed__isnull=True)
                | Q(paper_due__isnull=False, paper_signed__isnull=False, paper_signed__lte=F("paper_due")),
                violation_error_message=_("Of paper say both, how many were due and how many of them signed."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_rank_display())

    @property
    def row_key(self) -> str:
        return self.rank


class Measure(models.TextChoices):
    """What is counted in the registers of integrity."""

    CASES_CONVICTED = "cases_convicted", _("Concluded cases: convicted or fined")
    CASES_ACQUITTED = "cases_acquitted", _("Concluded cases: acquitted")
    CASES_SETTLED = "cases_settled", _("Concluded cases: settled")
    CASES_DISMISSED = "cases_dismissed", _("Concluded cases: dismissed or withdrawn")
    CONFLICTS_DECLARED = "conflicts_declared", _("Conflicts of interest declared")
    CONFLICTS_DECIDED = "conflicts_decided", _("Conflicts of interest decided")
    GIFTS_REGISTERED = "gifts_registered", _("Gifts registered")
    GIFTS_HANDED_IN = "gifts_handed_in", _("Gifts handed in")
    GIFTS_RETURNED = "gifts_returned", _("Gifts returned to the giver")


class IntegrityCount(Record):
    """A count of the year from the registers of integrity, which few may read. Zero is stated."""

    measure = models.CharField(_("what is counted"), max_length=18, choices=Measure.choices)
    count = models.PositiveIntegerField(_("number"))

    class Meta:
        verbose_name = _("count of integrity")
        verbose_name_plural = _("counts of integrity")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="integritycount_once",
                fields=["submission", "measure"],
                violation_error_message=_("This has its line already."),
            ),
            models.CheckConstraint(
                name="integritycount_known_measure",
                condition=Q(measure__in=Measure.values),
                violation_error_message=_("Choose what is counted."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_measure_display())

    @property
    def row_key(self) -> str:
        return self.measure


class ChannelKind(models.TextChoices):
    """How somebody can report wrongdoing."""

    HOTLINE = "hotline", _("Hotline")
    EMAIL = "email", _("E-mail")
    LETTERBOX = "letterbox", _("Letterbox")
    VISIT = "visit", _("In person")
    WEB = "web", _("Web form")


class Channel(Record):
    """A channel for reports of wrongdoing, and how many came through it in the year (HKEX B7.2)."""

    kind = models.CharField(_("kind"), max_length=9, choices=ChannelKind.choices)
    description = models.CharField(_("number, address or place"), max_length=200)
    run_by = models.CharField(_("who receives the reports"), max_length=200)
    is_anonymous = models.BooleanField(_("reports may be anonymous"), default=False)
    is_external = models.BooleanField(_("open to business partners"), default=False)
    reports = models.PositiveIntegerField(_("reports in the year"), help_text=_("0 where none came."))
    substantiated = models.PositiveIntegerField(_("of which substantiated"))

    class Meta:
        verbose_name = _("channel for reports")
        verbose_name_plural = _("channels for reports")
        ordering = ("kind", "pk")
        constraints = [
            models.UniqueConstraint(
                name="channel_once",
                fields=["submission", "kind", "description"],
                violation_error_message=_("This channel is entered already."),
            ),
            models.CheckConstraint(
                name="channel_is_told",
                condition=Q(kind__in=ChannelKind.values) & ~Q(description="") & ~Q(run_by=""),
                violation_error_message=_("Say what the channel is and who receives the reports."),
            ),
            models.CheckConstraint(
                name="channel_no_more_than_came",
                condition=Q(substantiated__lte=F("reports")),
                violation_error_message=_("No more reports are substantiated than came."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.description}"


class Audience(models.TextChoices):
    """Who was trained."""

    DIRECTORS = "directors", _("Directors")
    MANAGEMENT = "management", _("Management")
    STAFF = "staff", _("Staff")


class IntegrityTraining(Record):
    """A training on anti-corruption for one audience (HKEX B7.3). Hours are those of one person."""

    held_on = models.DateField(_("held on"))
    topic = models.CharField(_("topic"), max_length=200)
    audience = models.CharField(_("audience"), max_length=10, choices=Audience.choices)
    participants = models.PositiveIntegerField(_("participants"))
    hours_each = models.DecimalField(_("hours a person"), max_digits=6, decimal_places=2)
    trainer = models.CharField(_("trainer"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("anti-corruption training")
        verbose_name_plural = _("anti-corruption trainings")
        ordering = ("held_on", "audience", "pk")
        constraints = [
            models.UniqueConstraint(
                name="integritytraining_once",
                fields=["submission", "held_on", "topic", "audience"],
                violation_error_message=_("This training is entered already for this audience."),
            ),
            models.CheckConstraint(
                name="integritytraining_is_told",
                condition=Q(audience__in=Audience.values, participants__gte=1, hours_each__gt=0, hours_each__lte=100)
                & ~Q(topic=""),
                violation_error_message=_("Say the topic, at least one participant, and up to 100 hours a person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} · {self.held_on}"
