"""The register of suppliers as a directory of business partners: found by number, credit code or name."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from apps.organisation.partners import Partner, PartnerDirectory, partner_directories
from apps.supply_chain import credit_code
from apps.supply_chain.models import Supplier


def find_suppliers(texts: Collection[str]) -> dict[str, Partner]:
    """The suppliers that ``texts`` name, whatever the spelling of the name: one question.

    A text that fits several suppliers says nothing for certain and is left out.
    """
    wanted = {text: _keys(text) for text in texts if text.strip()}
    if not wanted:
        return {}
    every = {key for keys in wanted.values() for key in keys}
    # English names have no key of their own in the table, so all of them are compared.
    known = Supplier.objects.filter(
        Q(code__in=every) | Q(uscc__in=every - {""}) | Q(name_key__in=every - {""}) | ~Q(name_en="")
    )
    by_key: dict[str, set[Supplier]] = defaultdict(set)
    for supplier in known:
        for key in (supplier.code, supplier.uscc, supplier.name_key, Supplier.key_of(supplier.name_en)):
            if key:
                by_key[key].add(supplier)
    found = {}
    for text, keys in wanted.items():
        fitting = {supplier for key in keys for supplier in by_key[key]}
        if len(fitting) == 1:
            (supplier,) = fitting
            found[text] = Partner(code=supplier.code, name=supplier.name)
    return found


def _keys(text: str) -> set[str]:
    """What a text may be: a number, a credit code, a name."""
    return {Supplier.code_of(text), credit_code.normalised(text), Supplier.key_of(text)} - {""}


partner_directories.register(PartnerDirectory(code="suppliers", find=find_suppliers))
