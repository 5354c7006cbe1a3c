"""The audit trail of somebody who sees a few sites, read along their submissions.

Their changes lie in two indexes: rows of submissions by the submission, submissions themselves by table and row. Along
all changes, the few of three sites would be looked for among those of five hundred.
"""

from typing import Any, Final

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import InvalidPage
from django.db.models import F, QuerySet
from django.http import HttpRequest

from apps.accounts.http import person_of
from apps.accounts.models import User
from apps.core.admin import PolicyChangeList
from apps.organisation.policies import grants
from apps.submissions import policies
from apps.submissions.models import Submission

# Rows of more sites lie so close together that a page is found sooner along those of all.
_FEW_SITES: Final = 12


def has_few_sites(user: User) -> bool:
    """Whether all that somebody sees lies at some sites, and these are few."""
    sites = {grant.site_id for grant in grants(user)}
    return None not in sites and len(sites) <= _FEW_SITES


def submissions_of_few(user: User) -> list[int]:
    """The submissions of somebody with few sites."""
    return list(Submission.objects.filter(policies.visible_to(user)).order_by().values_list("pk", flat=True))


class OwnTrail:
    """Changes of these submissions, newest first, as a list to page through.

    ``scoped`` are all changes that somebody may see, ``found`` those that fit the filters, in whatever scope.
    """

    def __init__(self, scoped: QuerySet[Any], found: QuerySet[Any], submissions: list[int]) -> None:
        self._scoped = scoped
        self._parts = (
            found.filter(submission_id__in=submissions),
            found.filter(table=Submission._meta.db_table, row_id__in=submissions),
        )

    def count(self, most: int) -> int:
        """How many there are, counted no further than ``most``."""
        found = 0
        for part in self._parts:
            found += part.order_by().values("pk")[: most - found].count() if found < most else 0
        return found

    def __getitem__(self, wanted: slice) -> QuerySet[Any]:
        """The rows of a page: of both parts as many keys as could stand before its end, then the rows that are meant.

        The order is by an expression, so that the keys of these submissions are sorted and the others not walked along.
        """
        keys: list[int] = []
        for part in self._parts:
            newest = part.order_by((F("pk") + 0).desc()).values_list("pk", flat=True)
            keys += newest[: wanted.stop]
        return self._scoped.filter(pk__in=sorted(keys, reverse=True)[wanted]).order_by("-pk")


class TrailChangeList(PolicyChangeList):
    """Takes the way along the submissions where the sites are few."""

    model_admin: Any

    def get_results(self, request: HttpRequest) -> None:
        user = person_of(request)
        if not has_few_sites(user):
            super().get_results(request)
            return
        own = OwnTrail(self.queryset, self._found(request), submissions_of_few(user))
        self.paginator = self.model_admin.get_paginator(request, own, self.list_per_page)
        self.result_count, self.full_result_count = self.paginator.count, None
        self.show_full_result_count, self.show_admin_actions, self.can_show_all = False, False, False
        self.multi_page = self.result_count > self.list_per_page
        try:
            self.result_list = self.paginator.page(self.page_num).object_list
        except InvalidPage as error:
            raise IncorrectLookupParameters from error

    def _found(self, request: HttpRequest) -> QuerySet[Any]:
        """What fits filters and search, before it is narrowed down to what the person may see."""
        scoped, self.root_queryset = self.root_queryset, self.model_admin.unscoped()
        try:
            return self.get_queryset(request)
        finally:
            self.root_queryset = scoped
