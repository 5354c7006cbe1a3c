"""Units that Chinese plants use, and exact conversion between them.

Factors are exact fractions of the base unit of a dimension: kWh for energy, tonne for mass, m³ for volume,
m³ at 0 °C and 101.325 kPa for gas. Sources: the definitions of the SI units; 1 度 = 1 kWh; 万 = 10,000;
tce = 29.3076 GJ is the convention of GB/T 2589.
"""

import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrPromise

# Canonical quantities are kept to this many decimal places. Only factors that are no finite decimal
# (GJ to kWh) need more; they are rounded here, half even, at a billionth of a gram.
DECIMAL_PLACES: Final = 12
MAX_DIGITS: Final = 30
_STEP = Decimal(1).scaleb(-DECIMAL_PLACES)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One unit: its code (stable, used in files), what people read, and its size in the dimension's base unit."""

    code: str
    label: str | StrPromise
    dimension: str
    factor: Fraction
    aliases: tuple[str, ...] = ()


def _unit(code: str, dimension: str, factor: str, *aliases: str, label: str | StrPromise | None = None) -> Unit:
    return Unit(code=code, label=label or code, dimension=dimension, factor=Fraction(factor), aliases=aliases)


UNITS: Final[dict[str, Unit]] = {
    unit.code: unit
    for unit in (
        _unit("kWh", "energy", "1", "度", "千瓦时", "千瓦時", "千瓦小时", "千瓦小時"),
        _unit(
            "万kWh",
            "energy",
            "10000",
            "萬kWh",
            "万度",
            "萬度",
            "万千瓦时",
            "萬千瓦時",
            "10^4kWh",
            label=_("万kWh"),
        ),
        _unit("MWh", "energy", "1000", "兆瓦时", "兆瓦時", "'000kWh", "000kWh", "千kWh"),
        _unit("GWh", "energy", "1000000", "吉瓦时", "吉瓦時"),
        _unit("MJ", "energy", "5/18", "兆焦"),
        _unit("GJ", "energy", "2500/9", "吉焦", "百万千焦", "百萬千焦"),
        _unit("TJ", "energy", "2500000/9", "太焦"),
        _unit("g", "mass", "1/1000000", "克"),
        _unit("kg", "mass", "1/1000", "公斤", "千克"),
        _unit("斤", "mass", "1/2000", "市斤", label=_("jin (0.5 kg)")),
        _unit("t", "mass", "1", "吨", "噸", "公吨", "公噸", "tonne", "tonnes", "ton", "tons"),
        _unit("万t", "mass", "10000", "萬t", "万吨", "萬噸", "10^4t", label=_("万t")),
        _unit("L", "volume", "1/1000", "升", "公升", "liter", "litre", "liters", "litres"),
        _unit("m3", "volume", "1", "立方米", "方", "立方", "cbm", label="m³"),
        _unit("万m3", "volume", "10000", "萬m3", "万立方米", "萬立方米", "万方", "萬方", label=_("万m³")),
        _unit("Nm3", "gas", "1", "标方", "標方", "标准立方米", "標準立方米", label="Nm³"),
        _unit("万Nm3", "gas", "10000", "萬Nm3", "万标方", "萬標方", "10^4Nm3", label=_("万Nm³")),
        # Gas at 20 °C holds 273.15/293.15 of the amount at 0 °C.
        _unit("Sm3", "gas", "27315/29315", label="Sm³ (20 °C)"),
        _unit("mg/m3", "concentration", "1", "mg/Nm3", "毫克/立方米", label="mg/m³"),
        _unit("pcs", "count", "1", "件", "个", "個", label=pgettext_lazy("unit", "pieces")),
        _unit("pair", "pairs", "1", "双", "雙", "副", "pairs", label=pgettext_lazy("unit", "pairs")),
        _unit("person", "people", "1", "人", "名", "persons", "people", label=pgettext_lazy("unit", "persons")),
        _unit("case", "cases", "1", "起", "例", "宗", "cases", label=pgettext_lazy("unit", "cases")),
        _unit("batch", "batches", "1", "批", "批次", "batches", label=pgettext_lazy("unit", "batches")),
        _unit("times", "occasions", "1", "次", "time", label=pgettext_lazy("unit", "times")),
        _unit("day", "days", "1", "天", "日", "days", label=pgettext_lazy("unit", "days")),
        _unit("h", "time", "1", "小时", "小時", "hour", "hours", "工时", "工時", label=pgettext_lazy("unit", "h")),
        _unit("year", "age", "1", "岁", "歲", "周岁", "周歲", "years", label=pgettext_lazy("unit", "years of age")),
        _unit("supplier", "suppliers", "1", "家", "户", "suppliers", label=pgettext_lazy("unit", "suppliers")),
        _unit("tender", "tenders", "1", "tenders", label=pgettext_lazy("unit", "tenders")),
        _unit("CNY", "money", "1", "元", "RMB", "人民币", "人民幣", label=pgettext_lazy("unit", "RMB")),
        _unit("万CNY", "money", "10000", "万元", "萬元", label=pgettext_lazy("unit", "RMB 10,000")),
        _unit("tCO2e", "emissions", "1", "吨CO2e", "噸CO2e", "吨二氧化碳当量", "噸二氧化碳當量", label="tCO₂e"),
        # Densities, for targets.
        _unit("kWh/t", "energy per mass", "1"),
        _unit("GJ/t", "energy per mass", "2500/9"),
        _unit("m3/t", "volume per mass", "1", label="m³/t"),
        _unit("L/t", "volume per mass", "1/1000"),
        _unit("t/t", "mass per mass", "1"),
        _unit("kg/t", "mass per mass", "1/1000"),
        _unit("%", "share", "1"),
    )
}


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


_BY_ALIAS: Final[dict[str, Unit]] = {_key(name): unit for unit in UNITS.values() for name in (unit.code, *unit.aliases)}


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit | None:
    """The unit somebody wrote ("万度", "ＫＷＨ", "m³"), or None."""
    return _BY_ALIAS.get(_key(text))


def units_of(dimension: str) -> tuple[Unit, ...]:
    return tuple(unit for unit in UNITS.values() if unit.dimension == dimension)


# Room for every digit of a product; a division is rounded in the digits of the last.
_EXACT: Final = Context(prec=200)
_DIVIDING: Final = Context(prec=MAX_DIGITS + DECIMAL_PLACES + 10)


def scale(value: Decimal, factor: Fraction) -> Decimal:
    """``value`` × ``factor``, exact where a finite decimal exists, else to ``DECIMAL_PLACES``."""
    if factor.numerator == factor.denominator:  # four times as quick as comparing with 1
        return value.quantize(_STEP, rounding=ROUND_HALF_EVEN, context=_DIVIDING)
    product = _EXACT.multiply(value, Decimal(factor.numerator))
    result = _DIVIDING.divide(product, Decimal(factor.denominator))
    return result.quantize(_STEP, rounding=ROUND_HALF_EVEN, context=_DIVIDING)


def factor_between(source: Unit, target: Unit, density_t_per_m3: Decimal | None = None) -> Fraction | None:
    """How many ``target`` one ``source`` is; None when the two cannot be compared.

    Mass and volume meet through the item's density in tonnes per m³ (equal to kg/L).
    """
    return _factor(source.code, target.code, density_t_per_m3)


@lru_cache(maxsize=4096)
def _factor(source_code: str, target_code: str, density_t_per_m3: Decimal | None) -> Fraction | None:
    source, target = UNITS[source_code], UNITS[target_code]
    if source.dimension == target.dimension:
        return source.factor / target.factor
    if density_t_per_m3:
        density = Fraction(density_t_per_m3)
        if (source.dimension, target.dimension) == ("mass", "volume"):
            return source.factor / density / target.factor
        if (source.dimension, target.dimension) == ("volume", "mass"):
            return source.factor * density / target.factor
    return None
