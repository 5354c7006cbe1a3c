"""Template tags about people."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.conf import settings
from django.utils.module_loading import import_string

register = template.Library()


@register.simple_tag
def demo_people() -> Sequence[Any]:
    """The people of the demonstration with their passwords; nobody where it is not installed."""
    if not settings.DEMO_PEOPLE:
        return ()
    people: Sequence[Any] = import_string(settings.DEMO_PEOPLE)
    return people
