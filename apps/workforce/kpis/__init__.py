"""What the figures of HKEX aspects B1 to B4 mean."""

# In the order of the report: the first to be imported stands first in files.
from apps.workforce.kpis import groups  # noqa: F401, I001
from apps.workforce.kpis import totals  # noqa: F401
from apps.workforce.kpis import safety  # noqa: F401
from apps.workforce.kpis import standards  # noqa: F401
