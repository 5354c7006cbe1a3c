"""Names as people type them: width, case and spaces do not make another person."""

import unicodedata
from collections.abc import Iterable

from apps.accounts.models import User


def key_of(name: str) -> str:
    """What two spellings of one name have in common."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def colleagues(names: Iterable[str]) -> dict[str, list[User]]:
    """By key, everybody with an account who is called by one of ``names``."""
    wanted = {key_of(name) for name in names}
    found: dict[str, list[User]] = {}
    if wanted:
        for person in User.objects.filter(is_active=True).only("pk", "full_name"):
            if (key := key_of(person.full_name)) in wanted:
                found.setdefault(key, []).append(person)
    return found
