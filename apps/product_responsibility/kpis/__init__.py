"""What the figures of HKEX aspect B6 mean."""

# In the order of the report: the first to be imported stands first in files.
from apps.product_responsibility.kpis import recalls  # noqa: F401, I001
from apps.product_responsibility.kpis import complaints  # noqa: F401
from apps.product_responsibility.kpis import statements  # noqa: F401
