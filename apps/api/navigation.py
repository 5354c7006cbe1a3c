"""Tokens of the API, among the registers of an administrator."""

from django.utils.translation import gettext_lazy as _

from apps.api.policies import may_make_tokens
from apps.core.navigation import Place, places

places.register(
    Place(
        code="api_tokens",
        title=_("API tokens"),
        help=_("With a token a program reads figures and provisions, never more than the token's owner may read."),
        view="api:tokens",
        is_open_to=may_make_tokens,
    )
)
