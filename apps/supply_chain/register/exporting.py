"""The register of suppliers as a file: the very columns that the import reads."""

from collections.abc import Iterator, Sequence
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import get_language

from apps.submissions.exchange.exporter import Value
from apps.submissions.exchange.formats import FORMATS
from apps.supply_chain.models import Supplier
from apps.supply_chain.register.columns import COLUMNS

_YES_NO = {"zh-hans": ("是", "否"), "zh-hant": ("是", "否")}
_CHUNK = 1000


def headings() -> list[str]:
    return [column.label(get_language() or "en") for column in COLUMNS]


def rows(suppliers: QuerySet[Supplier]) -> Iterator[Sequence[Value]]:
    """One row a supplier, in the language of the reader."""
    yes, no = _YES_NO.get(get_language() or "en", ("yes", "no"))
    together = suppliers.select_related("region").prefetch_related("supplies", "sites")
    for supplier in together.iterator(chunk_size=_CHUNK):
        yield (
            supplier.code,
            supplier.name_zh,
            supplier.name_en,
            supplier.uscc,
            supplier.region.name,
            ";".join(category.name for category in supplier.supplies.all()),
            ";".join(site.name for site in supplier.sites.all()),
            yes if supplier.is_major else no,
            yes if supplier.practices_apply else no,
            supplier.active_from,
            supplier.active_until,
            supplier.note,
        )


def write(stream: IO[bytes], file_format: str, suppliers: QuerySet[Supplier]) -> None:
    """``file_format`` is "xlsx" or "csv"."""
    FORMATS[file_format]().write(stream, headings(), rows(suppliers))
