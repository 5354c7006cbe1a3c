"""Figures in tables."""

from django import template
from django.utils.safestring import SafeString

from apps.indicators.cells import figure_cell, table_rows
from apps.indicators.figures import Figure
from apps.indicators.filled_tables import FilledTable
from apps.indicators.reports import AnnualReport
from apps.organisation.models import ReportingYear

register = template.Library()


@register.filter
def cell(figure: Figure, year: ReportingYear) -> SafeString:
    """The printed number as a link to its page, or a dash with the reason."""
    return figure_cell(figure, year.code)


@register.filter
def rows_in(table: FilledTable, report: AnnualReport) -> SafeString:
    """The lines of a printed table."""
    return table_rows(table, report)
