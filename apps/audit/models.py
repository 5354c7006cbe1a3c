"""The append-only change log. Rows are written by triggers alone (see triggers.py)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Operation(models.TextChoices):
    INSERT = "I", _("added")
    UPDATE = "U", _("changed")
    DELETE = "D", _("deleted")


class Change(models.Model):
    """One row of one table before and after one statement.

    Ids are plain numbers, not foreign keys, and the person's name is copied in: the log outlives what it tells of.
    """

    at = models.DateTimeField(_("when"))
    table = models.CharField(_("table"), max_length=63)
    row_id = models.BigIntegerField(_("row"))
    operation = models.CharField(_("what"), max_length=1, choices=Operation.choices)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    submission_id = models.BigIntegerField(_("submission"), null=True)
    actor_id = models.BigIntegerField(_("person's number"), null=True)
    actor_name = models.TextField(_("person"))
    source = models.TextField(_("by way of"))
    database_user = models.CharField(_("database user"), max_length=63)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("audit trail")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["submission_id", "id"], name="change_by_submission"),
            models.Index(fields=["table", "row_id", "id"], name="change_by_row"),
            models.Index(fields=["actor_id", "id"], name="change_by_actor"),
            # Changes and deletions are few and looked for among millions of rows that were added.
            models.Index(fields=["id"], name="change_changed", condition=Q(operation="U")),
            # The same for somebody who sees the submissions of some sites alone.
            models.Index(fields=["submission_id", "id"], name="change_changed_in_form", condition=Q(operation="U")),
            models.Index(fields=["id"], name="change_deleted", condition=Q(operation="D")),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id} {self.get_operation_display()}"
