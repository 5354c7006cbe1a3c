"""The drop-downs of the rows: the units of a catalogue row, and how a value is known.

Few different ones stand on a page and on all pages, so each is written once for a language.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache, lru_cache

from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.formats import plain_text
from apps.core.units import UNITS, factor_between, scale
from apps.submissions.catalogue import QuantityItem
from apps.submissions.choices import CellState, Method


def unit_options(item: QuantityItem, chosen: str, language: str | None) -> SafeString:
    """The units somebody may type for ``item``, and the one that a file brought in beside them.

    ``language`` is the one that is spoken now.
    """
    return _unit_options(item.typed_codes, item.unit_code, item.tonnes_per_m3, chosen, language)


def how_options(methods: tuple[Method, ...], chosen: str, language: str | None) -> SafeString:
    """Those that the grid offers, and the one that a file brought in beside them."""
    return _how_options(methods, chosen, language)


@lru_cache(maxsize=2000)
def _unit_options(
    codes: Sequence[str], own: str, tonnes_per_m3: Decimal | None, chosen: str, _language: str | None
) -> SafeString:
    units = [UNITS[code] for code in codes]
    if chosen not in codes:
        units.append(UNITS.get(chosen, UNITS[own]))
    return format_html_join(
        "",
        '<option value="{}" data-factor="{}"{}>{}</option>',
        (
            (
                unit.code,
                plain_text(scale(Decimal(1), factor_between(unit, UNITS[own], tonnes_per_m3) or unit.factor)),
                _selected(unit.code == chosen),
                unit.label,
            )
            for unit in units
        ),
    )


@lru_cache(maxsize=2000)
def _how_options(methods: tuple[Method, ...], chosen: str, _language: str | None) -> SafeString:
    offered = [method for method in Method if method in methods or method == chosen]
    offered.sort(key=lambda method: method not in methods[:1])
    without_value = [(state.value, state.label) for state in CellState if state != CellState.VALUE]

    def options(choices: Sequence[tuple[str, object]]) -> SafeString:
        return format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((code, _selected(code == chosen), label) for code, label in choices),
        )

    return format_html(
        '<optgroup label="{}">{}</optgroup><optgroup label="{}">{}</optgroup>',
        _("The value is"),
        options([(method.value, method.label) for method in offered]),
        _("No value because"),
        options(without_value),
    )


@cache
def unit_names(_language: str | None) -> SafeString:
    """What people and files call the units, with their codes, as JSON in the page."""
    names = {alias: unit.code for unit in UNITS.values() for alias in (str(unit.label), *unit.aliases)}
    return json_script(names, "unit-names")


def _selected(yes: bool) -> SafeString:
    return SafeString(" selected" if yes else "")
