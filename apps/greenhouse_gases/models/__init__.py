"""Factors in versions, and what a year is reckoned with."""

from apps.greenhouse_gases.models.factors import Factor, FactorPin
from apps.greenhouse_gases.models.years import ContractualInstrument, YearBasis

__all__ = ["ContractualInstrument", "Factor", "FactorPin", "YearBasis"]
