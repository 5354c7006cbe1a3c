"""A reviewer's decision as it was typed: checked before the workflow is asked, and shown again when it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.submissions.comments import TEXT_LENGTH


def read_text(data: Any, name: str) -> str:
    """What was typed, in the length that is kept."""
    text: str = data.get(name, "")
    return text.replace("\x00", "").strip()[:TEXT_LENGTH]


@dataclass(kw_only=True)
class Decision:
    """What the reviewer typed below the rows and beside them, so that nothing is lost when it is refused."""

    comment: str = ""
    # Reasons by row id; a ticked row without one is asked for it.
    flags: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, data: Any, titles: Mapping[str, str]) -> "Decision":
        flagged = {
            row: read_text(data, f"reason-{row}")
            for row in titles
            if row in data.getlist("flag") or read_text(data, f"reason-{row}")
        }
        return cls(comment=read_text(data, "comment"), flags=flagged)

    def check_send_back(self, titles: Mapping[str, str]) -> bool:
        if not self.comment:
            self.errors.append(_("Say why it goes back, so that the site knows what to do."))
        self.errors += [
            _("%(row)s: say what is wrong with this row.") % {"row": titles[row]}
            for row, reason in self.flags.items()
            if not reason
        ]
        return not self.errors

    def check_approve(self, titles: Mapping[str, str]) -> bool:
        if self.flags:
            rows = ", ".join(titles[row] for row in self.flags)
            self.errors.append(
                _("You marked rows to send back (%(rows)s). Send it back, or take the marks away and approve.")
                % {"rows": rows}
            )
        return not self.errors
