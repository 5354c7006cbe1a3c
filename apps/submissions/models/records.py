"""The abstract bases of all records."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core import units
from apps.submissions.choices import CellState, Method, State
from apps.submissions.models.submission import Submission


class RecordQuerySet(models.QuerySet["Record"]):
    """Records by the state of their submission."""

    def approved(self) -> Self:
        return self.filter(submission__state=State.APPROVED)


class Record(models.Model):
    """A typed row of a submission.

    ``row_fields`` names the foreign keys to catalogue rows that identify it within its submission. A subclass
    attaches its triggers in its migration with ``submissions.triggers.RecordTable``.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+", verbose_name=_("submission"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    entered_at = models.DateTimeField(_("entered"))
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = RecordQuerySet.as_manager()

    row_fields: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @property
    def row_key(self) -> str:
        """The codes of the catalogue rows, as they stand in files: ``diesel``, ``waste_oil/sold``."""
        return "/".join(getattr(self, field).code for field in self.row_fields)


class QuantityRecord(Record):
    """A quantity as it was typed and in the canonical unit of its catalogue row, or the reason why there is none.

    ``entered_value`` × the size of ``entered_unit`` = ``quantity``, converted with exact fractions and kept to 12
    decimals. ``note`` carries the reason of a missing value and the basis of an estimate.
    """

    state = models.CharField(_("state"), max_length=20, choices=CellState.choices)
    method = models.CharField(_("method"), max_length=12, choices=Method.choices, blank=True)
    entered_value = models.DecimalField(
        _("value as typed"),
        max_digits=units.MAX_DIGITS,
        decimal_places=units.DECIMAL_PLACES,
        null=True,
        blank=True,
    )
    entered_unit = models.CharField(_("unit as typed"), max_length=12, blank=True)
    quantity = models.DecimalField(
        _("quantity"),
        max_digits=units.MAX_DIGITS,
        decimal_places=units.DECIMAL_PLACES,
        null=True,
        blank=True,
        help_text=_("In the canonical unit of its row."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_known_state",
                condition=Q(state__in=CellState.values),
                violation_error_message=_("A cell is a value, not applicable, not available yet or not measured."),
            ),
            models.CheckConstraint(
                name="%(class)s_value_or_reason",
                condition=Q(
                    state=CellState.VALUE,
                    quantity__isnull=False,
                    entered_value__isnull=False,
                    method__in=Method.values,
                )
                & ~Q(entered_unit="")
                | Q(
                    state__in=[
                        CellState.NOT_APPLICABLE,
                        CellState.NOT_AVAILABLE_YET,
                        CellState.NOT_MEASURED,
                    ],
                    quantity__isnull=True,
                    entered_value__isnull=True,
                    entered_unit="",
                    method="",
                ),
                violation_error_message=_("A value comes with its unit and method; without a value there is neither."),
            ),
            models.CheckConstraint(
                name="%(class)s_reason_given",
                condition=Q(state=CellState.VALUE) & ~Q(method=Method.ESTIMATED) | ~Q(note=""),
                violation_error_message=_("Say in the note why there is no value, or what the estimate rests on."),
            ),
            models.CheckConstraint(
                name="%(class)s_not_negative",
                condition=Q(quantity__isnull=True) | Q(quantity__gte=0, entered_value__gte=0),
                violation_error_message=_("A quantity cannot be negative."),
            ),
        ]
