"""What the figures of greenhouse gases and energy mean (HKEX A1.2, D-28, A2.1)."""

from apps.greenhouse_gases.kpis import energy, scope_one, scope_three, scope_two

__all__ = ["energy", "scope_one", "scope_three", "scope_two"]
