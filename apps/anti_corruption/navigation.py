"""The registers of integrity: one's own declarations, and what officers and auditors of declarations keep or read."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.anti_corruption import policies
from apps.core.navigation import Place, places

_PLACES: Final = (
    Place(
        code="declarations",
        title=_("My declarations"),
        help=_("Assurance statements that you have to sign or signed, with their receipts."),
        view="integrity:declarations",
        is_open_to=policies.has_duties,
        asks=True,
    ),
    Place(
        code="integrity_documents",
        title=_("Code and statement"),
        help=_("The code of conduct and the assurance statement, in all versions that were in force."),
        view="integrity:documents",
        is_open_to=policies.may_read_documents,
    ),
    Place(
        code="gifts",
        title=_("Gifts"),
        help=_("Gifts that you were given: register each, and read what became of it."),
        view="integrity:gifts",
        is_open_to=policies.may_register_gifts,
    ),
    Place(
        code="holders",
        title=_("Important positions"),
        help=_("Who holds an important position at which site, and so signs the statement."),
        view="integrity:holders",
        is_open_to=policies.oversees,
    ),
    Place(
        code="campaigns",
        title=_("Rounds of signing"),
        help=_("Who has signed, who has not and who is overdue, by site and rank."),
        view="integrity:campaigns",
        is_open_to=policies.oversees,
    ),
    Place(
        code="conflicts",
        title=_("Conflicts of interest"),
        help=_("Answers with details, and what was decided about them."),
        view="integrity:conflicts",
        is_open_to=policies.oversees,
    ),
    Place(
        code="cases",
        title=_("Concluded cases"),
        help=_("Legal cases regarding corrupt practices that were concluded."),
        view="integrity:cases",
        is_open_to=policies.oversees,
    ),
)
for _place in _PLACES:
    places.register(_place)
