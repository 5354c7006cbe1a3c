"""How rates of the workforce are declared."""

from fractions import Fraction
from typing import Final

from apps.indicators.declarations import (
    Ratio,
    Text,
    declared,
)
from apps.workforce.sections import BREAKDOWN

PERCENT: Final = Fraction(100)
HALF: Final = Fraction(1, 2)
EMPLOYEES: Final = "WF-END"


def rate(
    code: str,
    title: Text,
    numerator: str,
    denominator: str,
    hkex: str,
    meaning: str,
    worked_example: str,
    *,
    unit: str = "%",
    unit_name: Text = "",
    decimals: int = 1,
    factor: Fraction = PERCENT,
    section: str = BREAKDOWN,
) -> None:
    """Declares one figure of the workforce over another, in percent unless said otherwise."""
    declared.register(
        Ratio(
            code=code,
            title=title,
            unit=unit,
            unit_name=unit_name,
            decimals=decimals,
            section=section,
            hkex=(hkex,),
            numerator=numerator,
            denominator=denominator,
            factor=factor,
            meaning=meaning,
            worked_example=worked_example,
        )
    )
