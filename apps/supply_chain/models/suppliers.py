"""The register of suppliers, one for the whole group (HKEX B5.1)."""

import datetime as dt
import re
import unicodedata
from functools import cache
from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from opencc import OpenCC

from apps.core.names import CatalogueRow
from apps.organisation.models import Site
from apps.supply_chain import credit_code

# What companies are called beside their name. Latin forms are words of their own: zinc ends in none.
_LATIN_FORMS: Final = re.compile(
    r"[\W_]+(limited liability company|company limited|co\W*ltd|co\W*limited|limited|ltd|inc)\W*$"
)
_CHINESE_FORMS: Final = re.compile(r"(股份有限公司|有限责任公司|有限公司|公司)$")
_NO_SIGN: Final = re.compile(r"[\W_]+")
_KEY_LENGTH: Final = 120
CODE_LENGTH: Final = 20


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


class SupplierRegion(CatalogueRow):
    """Where suppliers are counted: the provinces, Hong Kong, Macao, Taiwan, and abroad."""

    class Meta(CatalogueRow.Meta):
        verbose_name = _("region of suppliers")
        verbose_name_plural = _("regions of suppliers")


class SupplyCategory(CatalogueRow):
    """What suppliers deliver: dolomite, ferrosilicon, coal, services."""

    class Meta(CatalogueRow.Meta):
        verbose_name = _("what is supplied")
        verbose_name_plural = _("what is supplied")


class SupplierQuerySet(models.QuerySet["Supplier"]):
    """Suppliers by the time in which they supplied."""

    def active(self, first_day: dt.date, last_day: dt.date) -> Self:
        """Those that supplied on at least one day of the span."""
        return self.filter(Q(active_until__isnull=True) | Q(active_until__gte=first_day), active_from__lte=last_day)


class Supplier(models.Model):
    """A company that supplies the group. ``name_key`` finds the same name in another spelling."""

    code = models.CharField(_("supplier number"), max_length=CODE_LENGTH, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    name_key = models.CharField(_("name as it is compared"), max_length=120, editable=False)
    uscc = models.CharField(
        _("unified social credit code"),
        max_length=18,
        blank=True,
        help_text=_("18 characters, where the company has one."),
    )
    region = models.ForeignKey(SupplierRegion, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    supplies = models.ManyToManyField(SupplyCategory, related_name="+", verbose_name=_("supplies"))
    sites = models.ManyToManyField(Site, related_name="+", verbose_name=_("supplies the sites"))
    is_major = models.BooleanField(_("major supplier"), default=False, help_text=_("Needs a valid labour audit."))
    practices_apply = models.BooleanField(
        _("supplier practices apply"),
        default=True,
        help_text=_("Whether the group's practices of engaging and assessing suppliers are applied to it (HKEX B5.2)."),
    )
    active_from = models.DateField(_("active from"))
    active_until = models.DateField(_("active until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ("code",)
        indexes = [models.Index(fields=["name_key"], name="supplier_by_name")]
        constraints = [
            models.UniqueConstraint(
                name="supplier_credit_code_once",
                fields=["uscc"],
                condition=~Q(uscc=""),
                violation_error_message=_("Another supplier has this credit code."),
            ),
            models.CheckConstraint(
                name="supplier_credit_code_form",
                condition=Q(uscc="") | Q(uscc__regex=rf"^[{credit_code.ALPHABET}]{{{credit_code.LENGTH}}}$"),
                violation_error_message=_("A credit code has 18 digits and capitals, without I, O, S, V and Z."),
            ),
            models.CheckConstraint(
                name="supplier_dates_in_order",
                condition=Q(active_until__isnull=True) | Q(active_until__gte=F("active_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="supplier_has_a_name",
                condition=~Q(name_zh="") & ~Q(name_key="") & ~Q(code=""),
                violation_error_message=_("A supplier has a number and a name."),
            ),
            models.CheckConstraint(
                name="supplier_major_is_covered",
                condition=Q(is_major=False) | Q(practices_apply=True),
                violation_error_message=_("The supplier practices apply to every major supplier."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The name in the language of whoever is reading."""
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        return self.name_en or self.name_zh if language == "en" else self.name_zh

    @staticmethod
    def key_of(name: str) -> str:
        """A name without case, width, signs, spaces and the legal form, in simplified characters: spellings meet."""
        folded = unicodedata.normalize("NFKC", name).casefold()
        if not folded.isascii():
            folded = _to_simplified().convert(folded)
        plain = _NO_SIGN.sub("", _LATIN_FORMS.sub("", folded)) or _NO_SIGN.sub("", folded)
        return (_CHINESE_FORMS.sub("", plain) or plain)[:_KEY_LENGTH]

    @staticmethod
    def code_of(text: str) -> str:
        """A supplier number as it is kept: capitals, plain characters."""
        return unicodedata.normalize("NFKC", text).strip().upper()

    def clean(self) -> None:
        super().clean()
        self.code = self.code_of(self.code)
        if len(self.code) > CODE_LENGTH:
            raise ValidationError({"code": _("At most %(count)d characters are kept here.") % {"count": CODE_LENGTH}})
        self.uscc = credit_code.normalised(self.uscc)
        self.name_key = self.key_of(self.name_zh)
        if not self.name_key:
            raise ValidationError({"name_zh": _("A name has letters.")})
        if self.uscc and not credit_code.is_right(self.uscc):
            raise ValidationError({"uscc": _("This is no credit code: its check character does not fit. Look again.")})
        twin = self.twins().first()
        if twin is not None:
            raise ValidationError(
                {
                    "name_zh": _("%(code)s is called the same. Give both their credit codes if they are two companies.")
                    % {"code": twin.code}
                }
            )

    def twins(self) -> models.QuerySet["Supplier"]:
        """Other suppliers that may be this one: the same name, unless two credit codes tell them apart."""
        same = Q(name_key=self.name_key)
        if self.name_en:
            same |= Q(name_en__iexact=self.name_en)
        others: Any = Supplier.objects.filter(same).exclude(pk=self.pk)
        return others.filter(uscc="") if self.uscc else others  # type: ignore[no-any-return]
