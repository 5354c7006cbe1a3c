"""The suppliers of the demonstration and how they were assessed: made-up companies, kept through the services."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.demo import files
from apps.demo.data import rows
from apps.demo.people import preparer_of
from apps.demo.story import SOURCE
from apps.organisation.models import Site
from apps.supply_chain.models import (
    Assessment,
    AssessmentKind,
    CorrectiveAction,
    Supplier,
    SupplierRegion,
    SupplyCategory,
)
from apps.supply_chain.policies import SECTION
from apps.supply_chain.register import services
from apps.supply_chain.register.forms import SupplierForm, fingerprint


def keep_suppliers(people: Mapping[str, User]) -> None:
    """Adds the suppliers, then their assessments, each by the buyer that the file names; the reviewer confirms."""
    for values in rows("suppliers.csv"):
        # The buyer of the first site adds a supplier; those of further sites tie it to theirs.
        del values["buyer"]
        supplier = None
        for site in values["sites"].split(";"):
            buyer = people[preparer_of(site, SECTION).username]
            with acting_as(buyer, SOURCE):
                form = _supplier_form({**values, "sites": site}, buyer, supplier)
                supplier = services.save_supplier(user=buyer, form=form)
    for values in rows("assessments.csv"):
        _assess(values, people[values.pop("buyer")], people["reviewer"])


def _supplier_form(values: dict[str, str], buyer: User, supplier: Supplier | None) -> SupplierForm:
    posted: dict[str, Any] = {
        **values,
        "region": SupplierRegion.objects.get(code=values["region"]).pk,
        "supplies": [SupplyCategory.objects.get(code=code).pk for code in values["supplies"].split(";")],
        "sites": [Site.objects.get(code=values["sites"]).pk],
    }
    if supplier is not None:
        posted["seen"] = fingerprint(supplier)
    form = SupplierForm(posted, instance=supplier, user=buyer)
    if not form.is_valid():
        raise ValueError(f"{values['code']}: {form.errors.as_text()}")
    return form


def _assess(values: dict[str, str], buyer: User, reviewer: User) -> None:
    what, due_on = values.pop("action"), values.pop("due_on")
    checked_on, outcome = values.pop("checked_on"), values.pop("outcome")
    supplier = Supplier.objects.get(code=values.pop("supplier"))
    with acting_as(buyer, SOURCE):
        assessment = Assessment(
            supplier=supplier,
            entered_by=buyer,
            assessed_on=dt.date.fromisoformat(values.pop("assessed_on")),
            valid_until=dt.date.fromisoformat(values.pop("valid_until")),
            **values,
        )
        assessment.full_clean()
        services.save_assessment(user=buyer, assessment=assessment)
        proofs = ("child_labour", "forced_labour") if assessment.kind == AssessmentKind.LABOUR else ("other",)
        for about in proofs:
            text = f"{supplier.code} {assessment.kind} {assessment.assessed_on}|{about}: {assessment.result}"
            name = f"{supplier.code}-{assessment.assessed_on}-{about}.pdf"
            services.attach(
                user=buyer, pk=assessment.pk, about=about, upload=SimpleUploadedFile(name, files.page(text))
            )
        if what:
            action = CorrectiveAction(assessment=assessment, what=what, due_on=dt.date.fromisoformat(due_on))
            services.add_action(user=buyer, action=action)
    with acting_as(reviewer, SOURCE):
        services.confirm(user=reviewer, pk=assessment.pk)
    if checked_on:
        with acting_as(buyer, SOURCE):
            services.recheck(
                user=buyer,
                pk=assessment.actions.get().pk,
                checked_on=dt.date.fromisoformat(checked_on),
                put_right=True,
                outcome=outcome,
            )
