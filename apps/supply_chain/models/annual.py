"""What a site reports of its suppliers for a year: copied from the registers, then reviewed and locked (HKEX B5)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.submissions.models import Record
from apps.supply_chain.models.suppliers import Supplier, SupplierRegion, SupplyCategory
from apps.supply_chain.models.tenders import Tender


class SupplierYear(Record):
    """A supplier of the site in the year, as the register had it: where it is, whether it is major, how it stands on
    the last day. The spend is typed, in RMB, where it is known.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+", verbose_name=_("supplier"))
    region = models.ForeignKey(SupplierRegion, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    is_major = models.BooleanField(_("major supplier"))
    practices_apply = models.BooleanField(_("supplier practices apply"))
    is_assessed = models.BooleanField(_("validly assessed"))
    is_labour_audited = models.BooleanField(_("valid labour audit"))
    spend_cny = models.DecimalField(
        _("spend of the year in RMB"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Without VAT. Empty where it is not known."),
    )

    class Meta:
        verbose_name = _("supplier of a year")
        verbose_name_plural = _("suppliers of a year")
        ordering = ("-is_major", "supplier__code")
        constraints = [
            models.UniqueConstraint(
                name="supplieryear_once",
                fields=["submission", "supplier"],
                violation_error_message=_("This supplier stands in the form already."),
            ),
            models.CheckConstraint(
                name="supplieryear_spend_not_negative",
                condition=Q(spend_cny__isnull=True) | Q(spend_cny__gte=0),
                violation_error_message=_("What was spent cannot be negative."),
            ),
            models.CheckConstraint(
                name="supplieryear_labour_audit_assesses",
                condition=Q(is_labour_audited=False) | Q(is_assessed=True),
                violation_error_message=_("A valid labour audit is a valid assessment."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.supplier)

    @property
    def row_key(self) -> str:
        return self.supplier.code


class TenderYear(Record):
    """A tender that the site decided and awarded in the year."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="+", verbose_name=_("tender"))
    material = models.ForeignKey(
        SupplyCategory, on_delete=models.PROTECT, related_name="+", verbose_name=_("what was bought")
    )
    decided_on = models.DateField(_("decided on"))
    bids = models.PositiveIntegerField(_("bids"))
    eliminated = models.PositiveIntegerField(_("eliminated bids"))

    class Meta:
        verbose_name = _("tender of a year")
        verbose_name_plural = _("tenders of a year")
        ordering = ("decided_on", "pk")
        constraints = [
            models.UniqueConstraint(
                name="tenderyear_once",
                fields=["submission", "tender"],
                violation_error_message=_("This tender stands in the form already."),
            ),
            models.CheckConstraint(
                name="tenderyear_some_remain",
                condition=Q(eliminated__lt=F("bids")),
                violation_error_message=_("Of the bids of an awarded tender at least one remains."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.tender)

    @property
    def row_key(self) -> str:
        return self.tender.number


class PracticeKind(models.TextChoices):
    """The provision that a practice answers."""

    ENGAGEMENT = "engagement", _("Engaging suppliers (B5.2)")
    RISKS = "risks", _("Identifying risks in the supply chain (B5.3)")
    PREFERABLE = "preferable", _("Preferring greener products and services (B5.4)")


class SupplyPractice(Record):
    """What a site does about its suppliers, how many it covers, and how that is watched (HKEX B5.2 to B5.4)."""

    kind = models.CharField(_("provision"), max_length=10, choices=PracticeKind.choices)
    description = models.CharField(_("what is done"), max_length=500)
    suppliers_covered = models.PositiveIntegerField(_("suppliers covered"))
    watched_by = models.CharField(_("how it is watched"), max_length=300)

    class Meta:
        verbose_name = _("supply chain practice")
        verbose_name_plural = _("supply chain practices")
        ordering = ("kind", "pk")
        constraints = [
            models.UniqueConstraint(
                name="supplypractice_once",
                fields=["submission", "kind", "description"],
                violation_error_message=_("This practice is entered already."),
            ),
            models.CheckConstraint(
                name="supplypractice_known_kind",
                condition=Q(kind__in=PracticeKind.values),
                violation_error_message=_("Choose one of the provisions."),
            ),
        ]

    def __str__(self) -> str:
        return self.description[:60]
