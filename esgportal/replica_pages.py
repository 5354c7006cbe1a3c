"""Which pages are reports, read from the replica where there is one, by the names of their URLs.

A page belongs here if it only reads, if it is heavy, and if nobody types into it what it showed. Pages on which people
work stay with the primary, and so do those that are asked for by a number that the primary gave out a moment ago.
Publishing, restating, ``check_figures`` and ``verify_audit`` never read from a replica.
"""

from typing import Final

PAGES: Final = frozenset(
    {
        # Figures and the files made of them.
        "indicators:annual",
        "indicators:year",
        "indicators:figure",
        "indicators:export",
        "admin:indicators_annualfigures_changelist",
        "admin:indicators_annualfigures_export",
        # The report of a year.
        "reporting:dashboard",
        "reporting:home",
        "reporting:year",
        "reporting:targets",
        # Records as a file.
        "exchange:export",
        "admin:submissions_record_export",
        # What programs read.
        "api:years",
        "api:sites",
        "api:figures",
        "api:provisions",
        "api:provision",
        "api:editions",
        # The trail as a list.
        "admin:audit_change_changelist",
    }
)
# Pages that tell of work a worker has done: whoever has seen them finds it in the reports.
NEWS: Final = frozenset({"jobs:job", "jobs:status"})
# Apps and models that are never read from the replica: who somebody is and what they may do holds from the moment it
# changes, and queues, sessions and counters are about this very moment.
NEVER: Final = frozenset(
    {
        "accounts",
        "auth",
        "api",
        "contenttypes",
        "django_cache",
        "django_tasks_database",
        "jobs",
        "organisation.membership",
        "sessions",
    }
)
