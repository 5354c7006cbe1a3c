"""Who makes, sees and revokes tokens, and what a token may read: never more than its owner at that moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import Http404

from apps.accounts.models import User
from apps.api.models import ApiToken
from apps.indicators import policies as figures
from apps.organisation.models import Site
from apps.organisation.policies import may_administer
from apps.reporting.policies import may_read_report


def may_make_tokens(user: User) -> bool:
    return may_administer(user)


def tokens_for(user: User) -> QuerySet[ApiToken]:
    """Administrators look after all of them; everybody else sees their own."""
    tokens = ApiToken.objects.select_related("owner", "created_by", "revoked_by").prefetch_related("sites")
    return tokens if may_make_tokens(user) else tokens.filter(owner=user)


def access_token(user: User, pk: int) -> ApiToken:
    """The token, or 404 for who may not see it. Whoever may see one may revoke it."""
    token = tokens_for(user).filter(pk=pk).first()
    if token is None:
        raise Http404
    return token


def sites_to_give(owner: User) -> list[Site]:
    """The sites that a token of ``owner`` may name."""
    return list(figures.sites_for(owner))


def may_own_group_token(owner: User) -> bool:
    """Only somebody who reads totals of the group."""
    return bool(figures.group_sections(owner))


@dataclass(kw_only=True)
class Reader:
    """What a token may read now. ``sites`` by code; ``all_sites`` are those of which the group's totals are made."""

    token: ApiToken
    sites: Sequence[Site]
    all_sites: Sequence[Site]
    reads_group: bool
    reads_report: bool
    _sections: dict[str, frozenset[str]] = field(default_factory=dict)

    def site(self, code: str) -> Site | None:
        return next((site for site in self.sites if site.code == code), None)

    def sections(self, place: Site | None) -> frozenset[str]:
        """The sections that may be read at a site or, for None, in the totals of the group."""
        key = place.code if place else ""
        if key not in self._sections:
            owner = self.token.owner
            self._sections[key] = figures.sections_at(owner, [place]) if place else figures.group_sections(owner)
        return self._sections[key] if place or self.reads_group else frozenset()


def reader_of(token: ApiToken) -> Reader:
    """Asks the roles of the owner anew: a role that was taken away is gone from the token with the next request."""
    readable = list(figures.sites_for(token.owner).order_by("code"))
    named = {place.site_id for place in token.places.all()}
    return Reader(
        token=token,
        sites=readable if token.whole_group else [site for site in readable if site.pk in named],
        all_sites=readable,
        reads_group=token.whole_group and may_own_group_token(token.owner),
        reads_report=token.whole_group and may_read_report(token.owner),
    )
