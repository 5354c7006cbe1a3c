"""The tables of the environment form by the names they have in the database, for the statements of the floors."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class GridTable:
    """A table of records, that of what each site answers, and its catalogues by foreign key; the first has the unit."""

    code: str
    records: str
    asked: str
    catalogues: dict[str, str]

    @property
    def item_code(self) -> str:
        """The item as files name it, of catalogues joined as c0, c1 …"""
        return " || '/' || ".join(f"c{number}.code" for number in range(len(self.catalogues)))

    def joined(self, alias: str) -> str:
        """The joins from a row to its catalogues."""
        return " ".join(
            f"JOIN {table} c{number} ON c{number}.id = {alias}.{column}"
            for number, (column, table) in enumerate(self.catalogues.items())
        )


GRIDS: Final = (
    GridTable(
        code="production",
        records="environment_productionoutput",
        asked="environment_siteproduct",
        catalogues={"product_id": "environment_product"},
    ),
    GridTable(
        code="resource",
        records="environment_resourceuse",
        asked="environment_siteresource",
        catalogues={"resource_item_id": "environment_resource"},
    ),
    GridTable(
        code="waste",
        records="environment_wasterecord",
        asked="environment_sitewaste",
        catalogues={"waste_type_id": "environment_wastetype", "treatment_id": "environment_treatment"},
    ),
    GridTable(
        code="packaging",
        records="environment_packaginguse",
        asked="environment_sitepackaging",
        catalogues={"material_id": "environment_packagingmaterial"},
    ),
)
