"""No tables of its own: figures are worked out from records. The proxy gives them a place in the admin."""

from django.utils.translation import gettext_lazy as _

from apps.organisation.models import ReportingYear


class AnnualFigures(ReportingYear):
    """A reporting year as its figures."""

    class Meta:
        proxy = True
        verbose_name = _("annual figures")
        verbose_name_plural = _("annual figures")
