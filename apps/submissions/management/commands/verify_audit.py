"""``manage.py verify_audit``: recomputes seals and digests, compares tables with the trail, exits 1 on a difference."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.audit.proofs import proofs
from apps.audit.verification import switched_off, unlogged_changes
from apps.submissions import seals
from apps.submissions.models import Seal


class Command(BaseCommand):
    help = (
        "Recompute the seals of approved submissions and the digests of evidence files, compare all audited rows with "
        "the trail, look for triggers that are off, ask the proofs of all apps, say what differs."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        differences = 0
        for difference in seals.verify():
            differences += 1
            self.stdout.write(f"{difference.where}: {difference.what}")
        for unlogged in unlogged_changes():
            differences += 1
            self.stdout.write(f"{unlogged.table} row {unlogged.row_id}: {unlogged.what}")
        for trigger in switched_off():
            differences += 1
            self.stdout.write(f"trigger {trigger}: is off or gone")
        for proof in proofs:
            for words in proof.differences():
                differences += 1
                self.stdout.write(words)
        if differences:
            raise CommandError(f"{differences} difference(s) found", returncode=1)
        newest = Seal.objects.order_by("-pk").first()
        self.stdout.write(f"{Seal.objects.count()} seal(s) hold; newest digest: {newest.digest if newest else 'none'}")
