"""Words of the organisation that more than one module needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody does, at one site or in the whole group."""

    PREPARER = "preparer", _("Preparer")
    REVIEWER = "reviewer", _("Reviewer")
    LEAD_REVIEWER = "lead_reviewer", _("Lead reviewer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Frequency(models.TextChoices):
    """How often a section is handed in."""

    MONTH = "month", _("Monthly")
    YEAR = "year", _("Annual")
