"""The rows of the admin's lists, written column by column.

Django asks anew for each cell what its column is, where it leads and how it is wrapped. Here that is settled once for
a page. The HTML is that of Django's tag ``result_list``; a test compares them.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import display_for_field, display_for_value, lookup_field, quote
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

# What a column holds of a row, and whether its words stay on one line.
_Content = Callable[[Any], tuple[Any, bool]]
_ONE_LINE = (models.DateField, models.TimeField, models.ForeignKey)


def rows_of(listed: Any) -> SafeString:
    """The rows of a change list that is no pop-up and takes no input."""
    columns = list(_columns(listed))
    written = ["".join(["<tr>", *(write(row) for write in columns), "</tr>"]) for row in listed.result_list]
    return SafeString("\n".join(written))


def _columns(listed: Any) -> Iterator[Callable[[Any], str]]:
    links = listed.list_display_links
    is_first = True
    for name in listed.list_display:
        is_link = links is not None and (name in links if links else is_first)
        tag = "th" if is_link and is_first else "td"
        is_first = is_first and not is_link
        address = _address(listed) if is_link else None
        css_class = "action-checkbox" if name == "action_checkbox" else f"field-{_called(name)}"
        yield _writer(tag, css_class, _content(listed, name, is_link=is_link), address)


def _called(name: Any) -> str:
    return str(name.__name__) if callable(name) else str(name)


def _writer(tag: str, css_class: str, content: _Content, address: Callable[[Any], str] | None) -> Callable[[Any], str]:
    plain, one_line = f'<{tag} class="{css_class}">', f'<{tag} class="{css_class} nowrap">'
    end = f"</{tag}>"

    def write(row: Any) -> str:
        value, is_one_line = content(row)
        text: str = conditional_escape(value)
        if address is not None:
            text = f'<a href="{address(row)}">{text}</a>'
        return f"{one_line if is_one_line else plain}{text}{end}"

    return write


def _address(listed: Any) -> Callable[[Any], str] | None:
    """Where a row leads: the addresses of one list differ in the key alone. None where rows have no page."""
    if not listed.result_list:
        return None
    first = listed.result_list[0]
    try:
        url = listed.url_for_result(first)
    except NoReverseMatch:
        return None
    context = {"preserved_filters": listed.preserved_filters, "opts": listed.opts}
    kept = add_preserved_filters(context, url).removeprefix(url)
    before, _key, after = url.rpartition(f"/{quote(getattr(first, listed.pk_attname))}/")
    start, end = conditional_escape(before + "/"), conditional_escape(f"/{after}{kept}")
    return lambda row: f"{start}{conditional_escape(quote(getattr(row, listed.pk_attname)))}{end}"


def _content(listed: Any, name: Any, *, is_link: bool) -> _Content:
    empty = listed.model_admin.get_empty_value_display()
    try:
        field = listed.model._meta.get_field(name) if isinstance(name, str) else None
    except FieldDoesNotExist:
        field = None
    if field is None or field.auto_created or not field.concrete or field.name != name:
        return _of_method(listed, name, empty)
    if isinstance(field.remote_field, models.ManyToOneRel):
        return _of_related(field, empty)
    return _of_field(field, empty, is_link=is_link)


def _of_related(field: Any, empty: Any) -> _Content:
    def content(row: Any) -> tuple[Any, bool]:
        related = getattr(row, field.name)
        return (empty if related is None else related), isinstance(field, _ONE_LINE)

    return content


def _of_field(field: Any, empty: Any, *, is_link: bool) -> _Content:
    is_one_line = isinstance(field, _ONE_LINE)
    labels = dict(field.flatchoices) if field.flatchoices else None
    is_text = labels is None and type(field) in (models.CharField, models.TextField)

    def content(row: Any) -> tuple[Any, bool]:
        value = getattr(row, field.name)
        if isinstance(value, str) and not value.strip():
            value = ""
        if labels is not None:
            return labels.get(value, empty), is_one_line
        if is_text:
            return (empty if value in field.empty_values else str(value)), is_one_line
        return display_for_field(value, field, empty, avoid_link=is_link), is_one_line

    return content


def _of_method(listed: Any, name: Any, empty: Any) -> _Content:
    """A method of the admin or of the row, or a property, or what lies further on."""
    ask, attribute = _asking(listed, name)
    empty = getattr(attribute, "empty_value_display", empty)
    if isinstance(attribute, property):
        attribute = attribute.fget
    is_boolean = getattr(attribute, "boolean", False)

    def content(row: Any) -> tuple[Any, bool]:
        try:
            value = ask(row)
        except ObjectDoesNotExist:
            return empty, False
        if isinstance(value, str):
            if not is_boolean:
                return (value if value.strip() else empty), False
            value = value.strip() and value
        return display_for_value(value, empty, is_boolean), isinstance(value, dt.date | dt.time)

    return content


def _asking(listed: Any, name: Any) -> tuple[Callable[[Any], Any], Any]:
    """How a row is asked, and the attribute that says how the answer is shown."""
    if callable(name):
        return name, name
    if name != "__str__" and hasattr(listed.model_admin, name):
        method = getattr(listed.model_admin, name)
        return method, method
    attribute = getattr(listed.model, name, None)
    if LOOKUP_SEP in name.strip("_") or attribute is None:
        return lambda row: lookup_field(name, row, listed.model_admin)[2], attribute

    def ask(row: Any) -> Any:
        value = getattr(row, name)
        return value() if callable(value) else value

    return ask, attribute
