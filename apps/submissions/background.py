"""What takes long about submissions and so is done in the background: long files, in and out."""

from apps.jobs.kinds import kinds
from apps.submissions.exchange.background import KINDS

for _kind in KINDS:
    kinds.register(_kind)
