"""What the sites state on rights, quality and data, their practices and certificates (HKEX B6.3 to B6.5)."""

from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.indicators.declarations import Family, Flow, Kpi, RowCount, declared
from apps.product_responsibility.models import (
    CertificateHeld,
    CertificateStandard,
    CertificateState,
    ProductPractice,
    Provision,
    StatementItem,
    StatementRecord,
)
from apps.product_responsibility.sections import PRODUCT_YEAR


def _stated(item: StatementItem, code: str) -> tuple[Kpi, ...]:
    return (
        Flow(
            code=code,
            title=item.name,
            unit=item.unit_code,
            decimals=item.decimals,
            section=PRODUCT_YEAR,
            hkex=(item.provision,),
            source=StatementRecord,
            where=Q(item=item.pk),
        ),
    )


def _valid(standard: CertificateStandard, code: str) -> tuple[Kpi, ...]:
    return (
        RowCount(
            code=code,
            title=gettext("Valid certificates: %(standard)s") % {"standard": standard.name},
            unit="certificates",
            unit_name=pgettext_lazy("unit", "certificates"),
            decimals=0,
            section=PRODUCT_YEAR,
            hkex=("B6.4",),
            source=CertificateHeld,
            where=_VALID & Q(standard=standard.pk),
            describe=str,
        ),
    )


_VALID = Q(state=CertificateState.VALID)
STATEMENTS = declared.register(
    Family(
        code="PR-STATE-*",
        title=_("Rights, quality and data"),
        rows=StatementItem.objects.all,
        declare=_stated,
        sample=lambda: StatementItem(
            pk=0, code="sample", name_en="Sample", unit_code="case", provision=Provision.QUALITY
        ),
        hkex="B6.3, B6.4 or B6.5, as the row says",
        meaning="What the sites state for the year, added up. A stated zero is a figure, a blank is none.",
        worked_example="12 patents held by Hami and 5 by Baishan: 17.",
    )
)
for _name, _provision, _title in (
    ("RIGHTS", Provision.RIGHTS, _("Practices on intellectual property")),
    ("QUALITY", Provision.QUALITY, _("Practices of quality assurance and recall")),
    ("PRIVACY", Provision.PRIVACY, _("Practices of data protection and privacy")),
):
    declared.register(
        RowCount(
            code=f"PR-PRACT-{_name}",
            title=_title,
            unit="practices",
            unit_name=pgettext_lazy("unit", "practices"),
            decimals=0,
            section=PRODUCT_YEAR,
            hkex=(_provision.value,),
            source=ProductPractice,
            where=Q(provision=_provision.value),
            describe=str,
            meaning="How many practices the sites describe; the same one at two sites counts at both.",
            worked_example="Two at Hami and one at Baishan: 3.",
        )
    )
CERTIFICATES = declared.register(
    Family(
        code="PR-CERT-*",
        title=_("Valid certificates by standard"),
        rows=CertificateStandard.objects.all,
        declare=_valid,
        sample=lambda: CertificateStandard(pk=0, code="sample", name_en="Sample"),
        hkex="B6.4",
        meaning="Certificates that were valid on the last day of the year, by standard and edition.",
        worked_example="ISO 9001:2015 at Hami and at Baishan: 2. One of ISO 9001:2008 is none since September 2018.",
    )
)
declared.register(
    RowCount(
        code="PR-CERT",
        title=_("Certificates valid at year end"),
        unit="certificates",
        unit_name=pgettext_lazy("unit", "certificates"),
        decimals=0,
        section=PRODUCT_YEAR,
        hkex=("B6.4",),
        source=CertificateHeld,
        where=_VALID,
        describe=str,
        meaning="Certificates of all standards that were valid on the last day of the year.",
        worked_example="Two of ISO 9001:2015 and one of ISO 14001:2015: 3.",
    )
)
