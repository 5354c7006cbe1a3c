"""Training courses (HKEX B3)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.names import CatalogueRow
from apps.submissions.models import Record


class TrainingTopic(CatalogueRow):
    """What a course is about."""

    class Meta(CatalogueRow.Meta):
        verbose_name = _("training topic")
        verbose_name_plural = _("training topics")


class TrainingCourse(Record):
    """A course with its participants, counted once by gender and once by category."""

    topic = models.ForeignKey(TrainingTopic, on_delete=models.PROTECT, related_name="+", verbose_name=_("topic"))
    held_on = models.DateField(_("held on"), help_text=_("The first day of a course of several days."))
    hours = models.DecimalField(_("hours for each participant"), max_digits=6, decimal_places=2)
    women = models.PositiveIntegerField(_("women"))
    men = models.PositiveIntegerField(_("men"))
    senior = models.PositiveIntegerField(_("senior management"))
    middle = models.PositiveIntegerField(_("middle management"))
    general = models.PositiveIntegerField(_("general staff"))
    trainer = models.CharField(_("trainer"), max_length=120)

    row_fields = ("topic",)

    class Meta:
        verbose_name = _("training course")
        verbose_name_plural = _("training courses")
        ordering = ("held_on", "topic__position", "pk")
        constraints = [
            models.UniqueConstraint(
                name="trainingcourse_once",
                fields=["submission", "topic", "held_on", "trainer"],
                violation_error_message=_("This course is entered already."),
            ),
            models.CheckConstraint(
                name="trainingcourse_hours",
                condition=Q(hours__gt=0, hours__lte=1000),
                violation_error_message=_("A course lasts more than 0 and at most 1,000 hours."),
            ),
            models.CheckConstraint(
                name="trainingcourse_same_people",
                condition=Q(women=F("senior") + F("middle") + F("general") - F("men")),
                violation_error_message=_(
                    "Women and men are as many as senior, middle and general staff: they are the same people."
                ),
            ),
            models.CheckConstraint(
                name="trainingcourse_somebody",
                condition=Q(women__gt=0) | Q(men__gt=0),
                violation_error_message=_("A course has participants."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} · {self.held_on}"

    @property
    def participants(self) -> int:
        return self.women + self.men

    def clean(self) -> None:
        super().clean()
        if self.submission_id and self.held_on:
            period = self.submission.period
            if not period.starts_on <= self.held_on <= period.ends_on:
                raise ValidationError(
                    {"held_on": _("The course lies outside this period; enter it in the month it began.")}
                )
