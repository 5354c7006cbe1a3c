"""Words of a submission and of a cell."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a submission stands, in the words of the staff; reviewers have their own (see below)."""

    DRAFT = "draft", _("In progress")
    SUBMITTED = "submitted", _("Handed in")
    RETURNED = "returned", _("To correct")
    APPROVED = "approved", _("Approved")


# The same state as the reviewer sees it.
REVIEWER_LABELS = {
    State.DRAFT: _("In progress"),
    State.SUBMITTED: _("To review"),
    State.RETURNED: _("Sent back"),
    State.APPROVED: _("Approved"),
}

# A sign beside each word, so that nothing is said by colour alone.
STATE_SIGNS = {
    State.DRAFT: "◔",
    State.SUBMITTED: "◕",
    State.RETURNED: "↩",
    State.APPROVED: "●",
    "late": "!",
    "not_due": "·",
}

OPEN_STATES = (State.DRAFT, State.RETURNED)


class CellState(models.TextChoices):
    """What a cell says. A blank cell has no row at all and is never a zero."""

    VALUE = "value", _("Value")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    NOT_AVAILABLE_YET = "not_available_yet", _("Not available yet")
    NOT_MEASURED = "not_measured", _("Not measured")


class Method(models.TextChoices):
    """How a value is known."""

    METERED = "metered", _("Metered")
    RECORDED = "recorded", _("From records")
    INVOICED = "invoiced", _("Invoiced")
    CALCULATED = "calculated", _("Calculated")
    ESTIMATED = "estimated", _("Estimated")


class Severity(models.TextChoices):
    """How much a finding weighs: an error blocks handing in, a warning wants an explanation."""

    ERROR = "error", _("Error")
    WARNING = "warning", _("Warning")
    NOTICE = "notice", _("Notice")


class Verb(models.TextChoices):
    """What somebody did with a submission as a whole."""

    SUBMITTED = "submitted", pgettext_lazy("event", "Handed in")
    SENT_BACK = "sent_back", pgettext_lazy("event", "Sent back")
    APPROVED = "approved", pgettext_lazy("event", "Approved")
    REOPENED = "reopened", pgettext_lazy("event", "Reopened")
