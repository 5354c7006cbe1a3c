"""Words of the organisation that more than one module needs."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody does, at one site or in the whole group."""

    PREPARER = "preparer", _("Preparer")
    REVIEWER = "reviewer", _("Reviewer")
    LEAD_REVIEWER = "lead_reviewer", _("Lead reviewer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    # What people declare of themselves is read by these two alone. No other role includes them.
    INTEGRITY_OFFICER = "integrity_officer", _("Integrity officer")
    INTEGRITY_AUDITOR = "integrity_auditor", _("Auditor of declarations")


INTEGRITY_ROLES: Final = (Role.INTEGRITY_OFFICER, Role.INTEGRITY_AUDITOR)


class Frequency(models.TextChoices):
    """How often a section is handed in."""

    MONTH = "month", _("Monthly")
    YEAR = "year", _("Annual")
