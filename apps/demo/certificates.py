"""The certificates of the demonstration, each put into the register by the quality clerk of its site."""

from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.models import User
from apps.audit.context import acting_as
from apps.demo import files
from apps.demo.data import rows
from apps.demo.people import PRODUCT, preparer_of
from apps.demo.story import SOURCE
from apps.organisation.models import Site
from apps.product_responsibility import services
from apps.product_responsibility.forms import NewCertificateForm
from apps.product_responsibility.models import CertificateStandard


def keep_certificates(people: Mapping[str, User]) -> None:
    """Adds every certificate with its file."""
    for values in rows("certificates.csv"):
        clerk = people[preparer_of(values["site"], PRODUCT[-1]).username]
        posted = {
            **values,
            "site": Site.objects.get(code=values["site"]).pk,
            "standard": CertificateStandard.objects.get(code=values["standard"]).pk,
        }
        form = NewCertificateForm(posted, user=clerk)
        if not form.is_valid():
            raise ValueError(f"{values['number']}: {form.errors.as_text()}")
        with acting_as(clerk, SOURCE):
            certificate = services.add_certificate(certificate=form.instance, user=clerk)
            text = f"{values['standard']}|{values['number']}|{values['valid_from']} - {values['valid_until']}"
            upload = SimpleUploadedFile(f"{values['number']}.pdf", files.page(text))
            services.add_file(certificate_id=certificate.pk, upload=upload, user=clerk)
