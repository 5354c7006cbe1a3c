"""Template filters of the portal, how numbers are written; and the table of the admin's lists."""

from decimal import Decimal
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import result_headers

from apps.core import formats
from apps.core.admin_rows import rows_of

register = template.Library()


@register.filter
def typed(value: Decimal | None) -> str:
    """All digits, grouped."""
    return formats.typed(value)


@register.filter
def percent(value: Decimal | None) -> str:
    """A change in percent, signed."""
    return formats.percent(value)


@register.inclusion_tag("admin/parts/result_table.html")
def result_table(listed: Any) -> dict[str, Any]:
    """The headings as Django makes them, and the rows written at once."""
    headers = list(result_headers(listed)) if listed.result_list else []
    sorted_by = sum(1 for header in headers if header["sortable"] and header["sorted"])
    return {"headers": headers, "num_sorted_fields": sorted_by, "rows": rows_of(listed)}
