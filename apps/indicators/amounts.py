"""Amounts that are added up over catalogue rows kept in different units."""

from decimal import Decimal, Inexact, localcontext
from fractions import Fraction
from typing import Any

from django.db.models import Case, DecimalField, ExpressionWrapper, F, Value, When
from django.db.models.expressions import Combinable

from apps.core.units import DECIMAL_PLACES, MAX_DIGITS, units_of


def tonnes_of(item: str) -> Case:
    """``quantity`` in tonnes, exactly, whatever unit the catalogue row ``item`` is kept in.

    A volume counts through the row's tonnes per m³. What cannot be compared with a mass is NULL, so that it shows
    as a gap of the total instead of being added wrongly.
    """
    density = F(f"{item}__tonnes_per_m3")
    masses = [
        When(**{f"{item}__unit_code": unit.code}, then=_product(F("quantity") * Value(_decimal(unit.factor))))
        for unit in units_of("mass")
    ]
    volumes = [
        When(
            **{f"{item}__unit_code": unit.code, f"{item}__tonnes_per_m3__isnull": False},
            then=_product(F("quantity") * Value(_decimal(unit.factor)) * density),
        )
        for unit in units_of("volume")
    ]
    return Case(*masses, *volumes, output_field=_exact_field())


def _exact_field() -> DecimalField[Decimal, Decimal]:
    return DecimalField(max_digits=MAX_DIGITS * 2, decimal_places=DECIMAL_PLACES * 2)


def _product(expression: Combinable) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(expression, output_field=_exact_field())


def _decimal(factor: Fraction) -> Decimal:
    """The finite decimal that ``factor`` is; raises Inexact if it is none."""
    with localcontext() as context:
        context.prec = MAX_DIGITS
        context.traps[Inexact] = True
        return Decimal(factor.numerator) / Decimal(factor.denominator)
