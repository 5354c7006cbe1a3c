"""The tables of HKEX aspect B6."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.indicators.declarations import Line, ReportTable, Text, tables
from apps.indicators.kpi_set import KpiSet
from apps.product_responsibility.kpis.complaints import BY_CATEGORY, BY_REGION
from apps.product_responsibility.kpis.recalls import PRODUCTS_RECALLED, PRODUCTS_SOLD
from apps.product_responsibility.kpis.statements import CERTIFICATES, STATEMENTS
from apps.product_responsibility.models import Provision, StatementItem
from apps.product_responsibility.sections import PRODUCT, PRODUCT_YEAR

_PRACTICES = {
    Provision.RIGHTS: "PR-PRACT-RIGHTS",
    Provision.QUALITY: "PR-PRACT-QUALITY",
    Provision.PRIVACY: "PR-PRACT-PRIVACY",
}


def _members(family: str, total: str = "", density: str = "") -> Callable[[KpiSet], Iterator[Line]]:
    """The lines of a catalogue, by the names of its rows, and their sum."""

    def lines(kpis: KpiSet) -> Iterator[Line]:
        for member in kpis.members(family):
            yield Line(total=member.total, density=member.density, item=member.item, title=member.item.name)
        if total:
            yield Line(total=total, density=density, is_sum=True, title=_("Total"))

    return lines


def _stated(kpis: KpiSet) -> Iterator[Line]:
    """Under each provision what the sites state, and how many practices they describe."""
    members = [member for member in kpis.members(STATEMENTS.code) if isinstance(member.item, StatementItem)]
    for provision, practices in _PRACTICES.items():
        for member in members:
            if getattr(member.item, "provision", "") == provision:
                yield Line(total=member.total, item=member.item, heading=provision.label)
        yield Line(total=practices, heading=provision.label)


def _table(code: str, title: Text, sheet: Text, **fields: object) -> None:
    tables.register(ReportTable(code=code, title=title, sheet=sheet, **fields))  # type: ignore[arg-type]


_table(
    "B6-SOLD",
    _("B6.1 Products sold or shipped"),
    _("B6.1 Sold"),
    section=PRODUCT,
    item_title=_("Products"),
    amount_title=_("Sold or shipped"),
    families=(PRODUCTS_SOLD.code,),
    lines=_members(PRODUCTS_SOLD.code, "PR-SOLD"),
)
_table(
    "B6-RECALLED",
    _("B6.1 Products recalled for safety and health reasons"),
    _("B6.1 Recalled"),
    section=PRODUCT,
    item_title=_("Products"),
    amount_title=_("Recalled"),
    density_title=_("Share of what was sold or shipped"),
    families=(PRODUCTS_RECALLED.code,),
    lines=_members(PRODUCTS_RECALLED.code, "PR-RECALLED", "PR-RECALLED-D"),
)
_table(
    "B6-RECALLS",
    _("B6.1 Recalls"),
    _("B6.1 Recalls"),
    section=PRODUCT,
    item_title=_("Indicator"),
    amount_title=_("In the year"),
    lines=lambda kpis: [Line(total=f"PR-{code}") for code in ("RECALLS-SAFETY", "RECALLS-OTHER", "RECALLED-OTHER")],
)
_table(
    "B6-COMPL",
    _("B6.2 Complaints"),
    _("B6.2 Complaints"),
    section=PRODUCT,
    item_title=_("Indicator"),
    amount_title=_("In the year"),
    lines=lambda kpis: [
        Line(total=f"PR-{code}") for code in ("COMPL", "CLOSED", "INTIME", "INTIME-SHARE", "DAYS-MEAN", "OPEN")
    ],
    years=3,
)
_table(
    "B6-CAT",
    _("B6.2 Complaints by category"),
    _("B6.2 By category"),
    section=PRODUCT,
    item_title=pgettext_lazy("of complaints", "Category"),
    amount_title=_("Complaints received"),
    lines=_members(BY_CATEGORY.code, "PR-COMPL"),
)
_table(
    "B6-REG",
    _("B6.2 Complaints by customer's region"),
    _("B6.2 By region"),
    section=PRODUCT,
    item_title=pgettext_lazy("of customers", "Region"),
    amount_title=_("Complaints received"),
    lines=_members(BY_REGION.code, "PR-COMPL"),
)
_table(
    "B6-STATE",
    _("B6.3 to B6.5 Rights, quality and data"),
    _("B6.3-5 Statements"),
    section=PRODUCT_YEAR,
    item_title=_("Statement"),
    amount_title=_("In the year"),
    families=(STATEMENTS.code,),
    lines=_stated,
)
_table(
    "B6-CERT",
    _("B6.4 Certificates valid at year end"),
    _("B6.4 Certificates"),
    section=PRODUCT_YEAR,
    item_title=pgettext_lazy("of certificates", "Standard"),
    amount_title=_("Valid at year end"),
    lines=_members(CERTIFICATES.code, "PR-CERT"),
)
