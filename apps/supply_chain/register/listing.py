"""The list of suppliers: which ones, and how each stands today."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.supply_chain import credit_code
from apps.supply_chain.models import Assessment, AssessmentKind, Supplier


def today() -> dt.date:
    return timezone.localdate()


def major_without_audit(day: dt.date) -> QuerySet[Supplier]:
    """Active major suppliers that have no labour audit valid on ``day``."""
    audited = Assessment.objects.valid_on(day).filter(kind=AssessmentKind.LABOUR).values("supplier")
    found: QuerySet[Supplier] = Supplier.objects.active(day, day).filter(is_major=True).exclude(pk__in=audited)
    return found


def chosen(filters: dict[str, Any]) -> QuerySet[Supplier]:
    """The suppliers that fit the filters of the list, in the order of their numbers."""
    show, day = filters.get("show", ""), today()
    if show == "unaudited":
        found = major_without_audit(day)
    elif show == "all":
        found = Supplier.objects.all()
    else:
        found = Supplier.objects.active(day, day)
        if show == "major":
            found = found.filter(is_major=True)
    words = filters.get("q", "").strip()
    if words:
        called = Q(name_key__contains=Supplier.key_of(words)) | Q(name_en__icontains=words)
        code = credit_code.normalised(words)
        found = found.filter(called | Q(code__istartswith=words) | Q(uscc__startswith=code))
    for field, name in (("sites", "site"), ("supplies", "category")):
        if filters.get(name):
            found = found.filter(Q(**{f"{field}__pk": filters[name].pk}))
    if filters.get("region"):
        found = found.filter(region=filters["region"])
    return found.order_by("code")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a supplier's labour audit stands, in words; ``is_wrong`` where a major supplier lacks one."""

    words: str
    is_wrong: bool = False


def standings(suppliers: Sequence[Supplier]) -> dict[int, Standing]:
    """How each supplier stands today, with two questions for all of them."""
    day = today()
    audits = Assessment.objects.filter(supplier__in=suppliers, kind=AssessmentKind.LABOUR)
    valid = set(audits.valid_on(day).values_list("supplier_id", flat=True))
    newest = {audit.supplier_id: audit for audit in audits.newest_by(day)}
    found = {}
    for supplier in suppliers:
        is_wrong = supplier.is_major and supplier.pk not in valid
        found[supplier.pk] = Standing(
            words=_words(newest.get(supplier.pk), supplier.pk in valid, day), is_wrong=is_wrong
        )
    return found


def _words(audit: Assessment | None, is_valid: bool, day: dt.date) -> str:
    """How the newest labour audit stands."""
    if audit is None:
        return _("none")
    if audit.valid_until is None:
        return _("failed on %(day)s") % {"day": date_format(audit.assessed_on, "SHORT_DATE_FORMAT")}
    if is_valid:
        return _("valid until %(day)s") % {"day": date_format(audit.valid_until, "SHORT_DATE_FORMAT")}
    if audit.valid_until < day:
        return _("ran out on %(day)s") % {"day": date_format(audit.valid_until, "SHORT_DATE_FORMAT")}
    return _("not put right")
