"""Draws the fields of forms. The plain ones are written here: a page of many lines has hundreds of them, and a template
for each, with one inside it for each option, takes most of its time. The HTML is that of Django's templates.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

_FOLDER = "django/forms/widgets/"


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_text(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    name = conditional_escape(widget["name"])
    return f'<input type="{widget["type"]}" name="{name}"{value}{_attributes(widget["attrs"])}>'


def _textarea(widget: Mapping[str, Any]) -> str:
    text = conditional_escape(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>\n{text}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _place in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{conditional_escape(group)}">')
        parts += [
            f'\n  <option value="{_text(option["value"])}"{_attributes(option["attrs"])}>'
            f"{conditional_escape(localize(option['label']))}</option>"
            for option in options
        ]
        if group:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return "".join(parts)


_WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{
        f"{_FOLDER}{name}.html": _input
        for name in ("text", "number", "date", "hidden", "checkbox", "email", "password")
    },
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
}


class FormRenderer(TemplatesSetting):
    """Takes templates from templates/, so that they obey the same style; a template there goes before what is here."""

    @cached_property
    def _written(self) -> dict[str, Callable[[Mapping[str, Any]], str]]:
        return {name: write for name, write in _WRITERS.items() if not _is_ours(name)}

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = self._written.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return SafeString(write(context["widget"]))


def _is_ours(name: str) -> bool:
    """Whether a template of this project replaces Django's."""
    try:
        origin = get_template(name).template.origin  # type: ignore[attr-defined]
    except TemplateDoesNotExist:
        return False
    return not str(origin.name).endswith(f"django/forms/templates/{name}")
