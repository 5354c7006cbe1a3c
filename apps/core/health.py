"""Whether this process lives, and whether it can serve: for load balancers and watchdogs, without signing in.

Both say one word and nothing of the data. They touch no session, and the first not even the database.
"""

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

_NO: Final = 503


class _Migrations:
    """Once all are applied they stay so while this process lives; until then each question looks anew."""

    are_applied = False


def _answer(word: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{word}\n", content_type="text/plain; charset=utf-8", status=status)


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers. If it does not, start it again."""
    return _answer("alive")


@login_not_required
@never_cache
@require_safe
@transaction.non_atomic_requests
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and has the tables of this release. If not, send requests elsewhere, and restart nothing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _Migrations.are_applied:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return _answer("migrations are missing", _NO)
            _Migrations.are_applied = True
    except Error:
        return _answer("the database does not answer", _NO)
    return _answer("ready")
