"""`python -m benchmarks.plans`: how PostgreSQL carries out the statement that each page spends most of its time on."""

import argparse
import os
import re
import sys
import traceback
from typing import Final

import django
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import bench, data, report, servers

_PAGES: Final = (
    (bench.CLERK, "/"),
    (bench.GROUP_CLERK, "/submissions/"),
    (bench.LEAD, "/admin/submissions/submission/?q=HIST-003"),
    (bench.LEAD, "/admin/environment/resourceuse/"),
    (bench.LEAD, "/admin/audit/change/"),
    (bench.LEAD, "/admin/audit/change/?table=environment_packaginguse"),
    (bench.LEAD, "/admin/audit/change/?q=Clerk"),
    (bench.LEAD, "/admin/environment/resourceuse/?q=2020-03"),
    (bench.LEAD, "/admin/environment/resourceuse/?p=40"),
    (bench.LEAD, "/admin/submissions/submission/?state=late"),
    (bench.LEAD, "/admin/submissions/submissionevent/?verb__exact=sent_back"),
    (bench.LEAD, "/admin/submissions/submissionevent/?q=2020-03"),
    (bench.LEAD, "/admin/?year=2025"),
    (bench.LEAD, "/admin/completeness/?year=2025"),
    (bench.LEAD, "/figures/2024/"),
    (bench.LEAD, "/report/dashboard/?site=HIST-001&year=2024"),
)
_LONGEST_STATEMENT: Final = 700
_LINES: Final = 16


def main() -> None:
    """Writes .local/bench/plans.md; its pages are asked for in this process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plans", description=__doc__)
    parser.add_argument("--size", choices=list(data.SIZES), default="full")
    parser.add_argument("--docs", action="store_true", help="write the plans into docs/performance.md")
    options = parser.parse_args()
    size = data.SIZES[options.size]
    server = os.environ.get("BENCH_DATABASE_SERVER") or data.hold_server()
    os.environ.update(servers.portal_environment(data.ready(server, size), size.name))
    django.setup()
    told = "\n".join(_told(person, path) for person, path in _PAGES)
    (servers.LOCAL / "plans.md").write_text(told)
    sys.stdout.write(told)
    if options.docs:
        report.write_docs(told, "plans")


def _told(person: str, path: str) -> str:
    """The plan of a page; a page that cannot be asked for does not keep the others from it."""
    try:
        return _plan(person, path)
    except Exception as error:
        traceback.print_exc()
        return f"### {path} ({person})\n\nNot explained, because it failed: {type(error).__name__}.\n"


def _plan(person: str, path: str) -> str:
    user = apps.get_model("accounts", "User").objects.get(username=person)
    client = Client(headers={"host": "127.0.0.1", "accept-language": "en"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    first = client.get(path)  # what a first visit loads is not told
    if first.status_code != 200:
        raise RuntimeError(f"{path} answers {first.status_code}")
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    asked = [query for query in captured.captured_queries if query["sql"].startswith("SELECT")]
    slowest = max(asked, key=lambda query: float(query["time"]))["sql"]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, SUMMARY OFF) {slowest}")
        lines = [str(line) for (line,) in cursor.fetchall()]
    more = [f"… {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
    statement = re.sub(r'"', "", slowest)
    if len(statement) > _LONGEST_STATEMENT:
        statement = f"{statement[: _LONGEST_STATEMENT // 2]} … {statement[-_LONGEST_STATEMENT // 2 :]}"
    plan = "\n".join(line[:160] for line in [*lines[:_LINES], *more])
    return f"### {path} ({person}), {len(captured)} queries\n\n```sql\n{statement}\n```\n\n```\n{plan}\n```\n"


if __name__ == "__main__":
    main()
