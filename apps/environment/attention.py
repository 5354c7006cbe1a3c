"""What of the environment stands on the reviewers' start page."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.formats import typed
from apps.environment.models import StackTest
from apps.organisation.models import ReportingYear
from apps.submissions.attention import Item, Watch, records_for, review_url, watches
from apps.submissions.findings import row_id
from apps.submissions.models import Explanation


def _tests(user: User, year: ReportingYear) -> Any:
    tests = StackTest.objects.filter(records_for(user), submission__period__year=year)
    return tests.select_related("submission__site", "stack", "pollutant").order_by("-tested_on", "pk")


def exceedances(user: User, year: ReportingYear, tests: Sequence[Any]) -> Sequence[Item]:
    """With what the sites said of them: one question more."""
    written = Explanation.objects.filter(
        submission__in={test.submission_id for test in tests}, finding="limit_exceeded"
    ).values_list("submission_id", "row", "text")
    said = {(submission_id, row): text for submission_id, row, text in written}
    return [
        Item(
            title=f"{test.submission.site.name} · {test.stack.name} · {test.pollutant.name}",
            detail=_("%(value)s mg/m³ on %(day)s, limit %(limit)s")
            % {
                "value": typed(test.concentration_mg_m3),
                "day": date_format(test.tested_on),
                "limit": typed(test.limit),
            },
            url=review_url(test.submission, row_id("stack_test", str(test.pk))),
            explanation=said.get((test.submission_id, row_id("stack_test", str(test.pk))), ""),
        )
        for test in tests
    ]


def limits_unknown(user: User, year: ReportingYear, found: Sequence[Any]) -> Sequence[Item]:
    """Each stack and pollutant once, however often it was measured."""
    places: dict[tuple[int, int], list[Any]] = {}
    for test in found:
        places.setdefault((test.stack_id, test.pollutant_id), []).append(test)
    limits = reverse("admin:environment_emissionlimit_changelist")
    return [
        Item(
            title=f"{tests[0].submission.site.name} · {tests[0].stack.name} · {tests[0].pollutant.name}",
            detail=_("%(count)d tests, and no limit to hold them against") % {"count": len(tests)},
            url=f"{limits}?pollutant__id__exact={tests[0].pollutant_id}",
        )
        for tests in places.values()
    ]


watches.register(
    Watch(
        code="exceedances",
        title=gettext_lazy("Not lower than the limit"),
        help=gettext_lazy("Stack tests of the year that reach or exceed the limit in force."),
        questions=lambda user, year: [_tests(user, year).exceeding()],
        items=exceedances,
    )
)
watches.register(
    Watch(
        code="limits_unknown",
        title=gettext_lazy("Limits unknown"),
        help=gettext_lazy("An administrator enters them from the permit under “Emission limits”."),
        questions=lambda user, year: [_tests(user, year).with_limit().filter(limit__isnull=True)],
        items=limits_unknown,
    )
)
