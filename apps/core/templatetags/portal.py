"""Template filters of the portal: how numbers are written."""

from decimal import Decimal

from django import template

from apps.core import formats

register = template.Library()


@register.filter
def typed(value: Decimal | None) -> str:
    """All digits, grouped."""
    return formats.typed(value)


@register.filter
def percent(value: Decimal | None) -> str:
    """A change in percent, signed."""
    return formats.percent(value)
