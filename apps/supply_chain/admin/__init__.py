"""The supply chain in the admin."""

from apps.supply_chain.admin import suppliers, tenders

__all__ = ["suppliers", "tenders"]
