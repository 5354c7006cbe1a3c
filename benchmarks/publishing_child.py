"""`python -m benchmarks.publishing_child YEAR`: publishes a year, checks its figures, and takes everything back.

In a process of its own, so that its memory is that of this work, and in one transaction that is rolled back, so that a
database can be measured again. What is measured is the service that the job calls and the command as it is run. Memory
is VmHWM less VmRSS before, as the system reports them; VmHWM is set back before each part.
"""

import io
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone, translation

_STATUS = Path("/proc/self/status")


class Told:
    """Notes when a step was told, for the longest silence of the progress bar."""

    def __init__(self) -> None:
        self.count = 0
        self.longest = 0.0
        self._last = time.perf_counter()

    def begin(self) -> None:
        """Silence counts from here."""
        self._last = time.perf_counter()

    def step(self, done: int, total: int, text: str = "") -> None:
        now = time.perf_counter()
        self.count += 1
        self.longest = max(self.longest, now - self._last)
        self._last = now


def _memory(what: str) -> float:
    found = re.search(rf"^{what}:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)
    return int(found[1]) / 1000 if found else 0.0


def _measured(work: Callable[[], object]) -> dict[str, float]:
    Path("/proc/self/clear_refs").write_text("5")
    idle, begun, used = _memory("VmRSS"), time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - used,
        "mb": _memory("VmHWM") - idle,
    }


def _say_words(year: Any) -> int:
    """Approved words, that nothing is told, for every provision that would hold the publication up."""
    from apps.audit.context import acting_as
    from apps.reporting.checklist import checklist
    from apps.reporting.models import Statement, StatementEvent

    people = apps.get_model("accounts", "User").objects
    found = checklist(year)
    for line in found.provisions:
        words = dict.fromkeys(("text_en", "text_zh_hans", "text_zh_hant"), "Nothing to tell.")
        statement = Statement.objects.create(year=year, code=line.provision.code, kind="not_applicable", **words)
        for state, name in (("submitted", "hist-reviewer"), ("approved", "hist-lead")):
            person = people.get(username=name)
            statement.revision += 1
            statement.state = state
            setattr(statement, f"{state}_by", person)
            setattr(statement, f"{state}_at", timezone.now())
            with acting_as(person, "benchmarks"):
                statement.save()
                StatementEvent.objects.create(
                    statement=statement, verb=state, actor=person, revision=statement.revision, **words
                )
    return len(found.provisions)


def main(code: str) -> None:
    """Prints what was measured as JSON."""
    from apps.organisation.models import ReportingYear
    from apps.reporting import publishing

    lead = apps.get_model("accounts", "User").objects.get(username="hist-lead")
    told = Told()
    with transaction.atomic(), translation.override("en"):
        year = ReportingYear.objects.get(code=code)
        stated = _say_words(year)

        def publish() -> None:
            told.begin()
            publishing.publish(year=year, user=lead, remark="For a benchmark.", progress=told)

        published = _measured(publish)
        lines = io.StringIO()
        checked = _measured(lambda: call_command("check_figures", code, stdout=io.StringIO(), stderr=lines))
        with connection.cursor() as cursor:
            cursor.execute("SELECT octet_length(convert_to(content, 'UTF8')) FROM reporting_edition")
            (size,) = cursor.fetchone()
        transaction.set_rollback(True)
    progress = {"steps": told.count, "longest_silence": told.longest, "lines": len(lines.getvalue().splitlines())}
    sys.stdout.write(
        json.dumps({"published": published, "checked": checked, "bytes": size, "stated": stated, **progress}) + "\n"
    )


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1])
