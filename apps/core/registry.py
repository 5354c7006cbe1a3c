"""A registry of declarations (sections, KPIs) that the domain apps fill at start-up.

Ask it when a request comes, never while modules are being imported: it is empty until Django's apps are ready.
"""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class HasCode(Protocol):
    @property
    def code(self) -> str: ...


T = TypeVar("T", bound=HasCode)


class Registry(Generic[T]):
    """Declarations by code, in the order in which they were registered."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._entries: dict[str, T] = {}

    def register(self, entry: T) -> T:
        if entry.code in self._entries:
            raise ValueError(f"{self._what} {entry.code!r} is declared twice")
        self._entries[entry.code] = entry
        return entry

    def __getitem__(self, code: str) -> T:
        try:
            return self._entries[code]
        except KeyError:
            raise KeyError(f"there is no {self._what} {code!r}") from None

    def __contains__(self, code: str) -> bool:
        return code in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())
