"""Which certificates the list shows."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.organisation.models import Site
from apps.product_responsibility.models import CertificateState
from apps.product_responsibility.pages import CertificateLine
from apps.product_responsibility.policies import sites_to_read


class CertificateFilter(forms.Form):
    """A site and what of its certificates; what cannot be read in the address is no filter."""

    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), to_field_name="code", required=False, empty_label=_("All sites")
    )
    show = forms.ChoiceField(
        label=_("Certificates"),
        choices=[("", _("All but the ended ones")), ("action", _("To be acted on")), ("ended", _("Ended"))],
        required=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites_to_read(user)  # type: ignore[attr-defined]
        self.full_clean()

    def among(self, lines: Sequence[CertificateLine]) -> list[CertificateLine]:
        site, show = self.cleaned_data.get("site"), self.cleaned_data.get("show", "")
        return [line for line in lines if site in (None, line.certificate.site) and self._is_shown(line, show)]

    @staticmethod
    def _is_shown(line: CertificateLine, show: str) -> bool:
        if show == "action":
            return bool(line.to_do)
        return (line.state == CertificateState.ENDED) == (show == "ended")
