"""Conflicts of interest that follow from answers: whom and whose company they concern, and what was decided.

Append-only like the declarations they come from. The last decision counts; one of a replaced declaration is over.
"""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.anti_corruption.models.declarations import Declaration
from apps.anti_corruption.models.documents import QuestionKind


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Conflicts by whether somebody has to act on them."""

    def current(self) -> Self:
        """Those of declarations that stand."""
        return self.filter(declaration__replaced_by__isnull=True)

    def undecided(self) -> Self:
        """Without a decision that counts."""
        return self.current().filter(~Exists(Decision.objects.counting().filter(conflict=OuterRef("pk"))))


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions by whether they count."""

    def counting(self) -> Self:
        """Without those by somebody who was found to be concerned afterwards."""
        concerned: Any = ConcernedPerson._default_manager
        return self.filter(~Exists(concerned.filter(conflict=OuterRef("conflict"), user=OuterRef("decided_by"))))


class Conflict(models.Model):
    """An answer with details that somebody else has to look at. Its words are the answer's."""

    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="conflicts", verbose_name=_("declaration")
    )
    kind = models.CharField(_("about"), max_length=20, choices=QuestionKind.choices)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="conflict_once",
                fields=["declaration", "kind"],
                violation_error_message=_("This answer has its conflict already."),
            ),
            models.CheckConstraint(
                name="conflict_known_kind",
                # Knowledge of wrongdoing is a report and no conflict of whoever makes it.
                condition=Q(kind__in=QuestionKind.values) & ~Q(kind=QuestionKind.WRONGDOING),
                violation_error_message=_("This answer is no conflict of interest."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class ConcernedPerson(models.Model):
    """A colleague whom an answer names. Like the signer, they do not decide."""

    conflict = models.ForeignKey(
        Conflict, on_delete=models.PROTECT, related_name="concerned", verbose_name=_("conflict of interest")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person concerned")
    )
    # Empty where the portal found the name by itself.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("added by")
    )

    class Meta:
        verbose_name = _("person concerned")
        verbose_name_plural = _("persons concerned")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="concernedperson_once",
                fields=["conflict", "user"],
                violation_error_message=_("This person is named already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class NamedPartner(models.Model):
    """A business partner that an answer names, found by its number or name. Others ask by ``code``."""

    conflict = models.ForeignKey(
        Conflict, on_delete=models.PROTECT, related_name="partners", verbose_name=_("conflict of interest")
    )
    code = models.CharField(_("number of the business partner"), max_length=20)
    name = models.CharField(_("name of the business partner"), max_length=120)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("added by")
    )

    class Meta:
        verbose_name = _("business partner named")
        verbose_name_plural = _("business partners named")
        ordering = ("pk",)
        indexes = [models.Index(fields=["code"], name="namedpartner_by_code")]
        constraints = [
            models.UniqueConstraint(
                name="namedpartner_once",
                fields=["conflict", "code"],
                violation_error_message=_("This business partner is named already."),
            ),
            models.CheckConstraint(
                name="namedpartner_has_code",
                condition=~Q(code=""),
                violation_error_message=_("A business partner has its number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Ruling(models.TextChoices):
    """What may become of a conflict."""

    ACCEPTED = "accepted", _("Accepted: nothing to do")
    MANAGED = "managed", _("Accepted with a measure")
    REFUSED = "refused", _("Refused: it has to end")


class Decision(models.Model):
    """What somebody decided about a conflict who is neither the signer nor concerned."""

    conflict = models.ForeignKey(
        Conflict, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("conflict of interest")
    )
    ruling = models.CharField(_("decision"), max_length=8, choices=Ruling.choices)
    words = models.CharField(
        _("measure or reason"), max_length=1000, help_text=_("What is done about it, or why nothing needs to be.")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"))

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a conflict")
        verbose_name_plural = _("decisions on conflicts")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="decision_is_told",
                condition=Q(ruling__in=Ruling.values) & ~Q(words=""),
                violation_error_message=_("Choose a decision, and say what is done or why nothing needs to be."),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_ruling_display())
