"""Further proofs that rows are as they were written, such as digests over what people signed.

Domain apps register theirs at start-up; ``manage.py verify_audit`` asks all of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from apps.core.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Proof:
    """``differences`` recomputes it and says in a sentence each what does not hold."""

    code: str
    differences: Callable[[], Iterable[str]]


proofs: Registry[Proof] = Registry("proof")
