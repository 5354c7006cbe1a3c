"""Figures in tables."""

from django import template
from django.utils.safestring import SafeString

from apps.indicators.cells import figure_cell
from apps.indicators.figures import Figure
from apps.organisation.models import ReportingYear

register = template.Library()


@register.filter
def cell(figure: Figure, year: ReportingYear) -> SafeString:
    """The printed number as a link to its page, or a dash with the reason."""
    return figure_cell(figure, year.code)
