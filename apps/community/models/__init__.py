"""HKEX aspect B8: what a site gives to the place where it is, and how it hires there."""

from apps.community.models.contributions import (
    HOURS_OF_A_DAY,
    HOURS_OF_A_MONTH,
    Contribution,
    FocusArea,
)
from apps.community.models.hiring import (
    ONCE,
    UNITS_OF_KINDS,
    HiringArrangement,
    HiringKind,
    LocalHiringItem,
    LocalHiringRecord,
    hiring_rows,
)
from apps.community.models.rates import CNY, RATE_DAYS, ExchangeRate, currency_code, in_rmb, rate_for

__all__ = [
    "CNY",
    "HOURS_OF_A_DAY",
    "HOURS_OF_A_MONTH",
    "ONCE",
    "RATE_DAYS",
    "UNITS_OF_KINDS",
    "Contribution",
    "ExchangeRate",
    "FocusArea",
    "HiringArrangement",
    "HiringKind",
    "LocalHiringItem",
    "LocalHiringRecord",
    "currency_code",
    "hiring_rows",
    "in_rmb",
    "rate_for",
]
