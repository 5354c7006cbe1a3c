"""What the figures of HKEX aspect B8 mean."""

# In the order of the report: the first to be imported stands first in files.
from apps.community.kpis import contributions  # noqa: F401, I001
from apps.community.kpis import hiring  # noqa: F401
