"""Which figures can be added up from yearly sums, and how: decided by looking at their conditions and amounts.

A figure can be when its ``where`` speaks of nothing but catalogue rows and its amount is the quantity times something
that the catalogue rows say. Then the records of one line of a grid count all or none, each with the same factor, and
their sum says as much as they do. Everything else is added up from the records.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db.models import Case, ExpressionWrapper, F, Q, Sum, Value, When
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Combinable, CombinedExpression

from apps.indicators.declarations import Flow, Kpi
from apps.indicators.sums.models import YearlySum, sum_model_of

# What the catalogue rows of a line say, by the path from the record.
Said = Mapping[str, Any]
# What one unit of quantity adds to a figure; None where it cannot be converted.
Factor = Callable[[Said], Decimal | None]

_QUANTITY: Final = "quantity"
_LOOKUPS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "exact": lambda said, asked: said == asked,
    "in": lambda said, asked: said in asked,
    "isnull": lambda said, asked: (said is None) == asked,
}


class NotSummableError(Exception):
    """It asks for more than catalogue rows and the quantity."""


@dataclass(frozen=True, kw_only=True)
class Summable:
    """How a figure adds up from yearly sums. ``names`` are the paths that have to be read of each line."""

    model: type[YearlySum]
    names: frozenset[str]
    where: Q
    factor: Factor

    def counts(self, said: Said) -> bool:
        return _holds(self.where, said)


_known: Final[WeakKeyDictionary[Kpi, Summable | None]] = WeakKeyDictionary()


def summable(kpi: Kpi) -> Summable | None:
    """None where the figure has to be added up from the records.

    A declaration never changes, so it is looked at once.
    """
    if kpi not in _known:
        _known[kpi] = _look_at(kpi)
    return _known[kpi]


def _look_at(kpi: Kpi) -> Summable | None:
    if not isinstance(kpi, Flow) or kpi.over is not Sum or kpi.annotate is not None:
        return None
    model = sum_model_of(kpi.source)
    if model is None:
        return None
    names: set[str] = set()
    try:
        names.update(_names_in(kpi.where, model))
        is_quantity, factor = _factor(kpi.amount, model, names)
    except NotSummableError:
        return None
    if not is_quantity:
        return None
    return Summable(model=model, names=frozenset(names), where=kpi.where, factor=factor)


def _split(condition: str) -> tuple[str, str]:
    """The path and the lookup of a condition."""
    path, _separator, last = condition.rpartition(LOOKUP_SEP)
    return (path, last) if path and last in _LOOKUPS else (condition, "exact")


def _path(name: str, model: type[YearlySum]) -> str:
    if name.split(LOOKUP_SEP)[0] not in model.records.row_fields:
        raise NotSummableError(name)
    return name


def _names_in(where: Q, model: type[YearlySum]) -> Iterator[str]:
    if where.connector not in (Q.AND, Q.OR):
        raise NotSummableError(where.connector)
    for child in where.children:
        if isinstance(child, Q):
            yield from _names_in(child, model)
        elif isinstance(child, tuple) and not hasattr(child[1], "resolve_expression"):
            path, _lookup = _split(child[0])
            _field(model, path)  # refuses a lookup that is not among ours, such as __gte
            yield _path(path, model)
        else:
            raise NotSummableError(str(child))


def _field(model: type[YearlySum], path: str) -> Any:
    """The column at the end of a path."""
    field: Any = None
    of: Any = model
    for name in path.split(LOOKUP_SEP):
        field = next((each for each in of._meta.concrete_fields if each.name == name), None) if of else None
        if field is None:
            raise NotSummableError(path)
        of = field.related_model
    return field


def _holds(where: Q, said: Said) -> bool:
    """As the database answers it: Django writes a negation so that NULL counts as any other value."""
    answers = (
        _holds(child, said) if isinstance(child, Q) else _answer(child[0], child[1], said)  # type: ignore[index]
        for child in where.children
    )
    holds = any(answers) if where.connector == Q.OR and where.children else all(answers)
    return holds != where.negated


def _answer(condition: str, asked: Any, said: Said) -> bool:
    path, lookup = _split(condition)
    if lookup == "exact" and asked is None:
        return said[path] is None
    if lookup == "in":
        asked = {getattr(each, "pk", each) for each in asked}
    return _LOOKUPS[lookup](said[path], getattr(asked, "pk", asked))


def _factor(amount: str | Combinable | Any, model: type[YearlySum], names: set[str]) -> tuple[bool, Factor]:
    """Whether ``amount`` is a multiple of the quantity, and the multiple; else a number that catalogue rows say."""
    if isinstance(amount, str):
        amount = F(amount)
    if isinstance(amount, F):
        return _column(amount.name, model, names)  # type: ignore[attr-defined]
    if isinstance(amount, Value):
        value = amount.value
        return False, lambda said: None if value is None else Decimal(value)
    if isinstance(amount, ExpressionWrapper):
        return _factor(amount.expression, model, names)
    if isinstance(amount, CombinedExpression) and amount.connector == Combinable.MUL:
        return _product(amount, model, names)
    if isinstance(amount, Case):
        return _case(amount, model, names)
    raise NotSummableError(type(amount).__name__)


def _column(name: str, model: type[YearlySum], names: set[str]) -> tuple[bool, Factor]:
    if name == _QUANTITY:
        return True, lambda said: Decimal(1)
    _field(model, name)
    names.add(_path(name, model))
    return False, lambda said: None if said[name] is None else Decimal(said[name])


def _product(amount: CombinedExpression, model: type[YearlySum], names: set[str]) -> tuple[bool, Factor]:
    (left_is, left), (right_is, right) = (_factor(side, model, names) for side in (amount.lhs, amount.rhs))
    if left_is and right_is:
        raise NotSummableError("a square of the quantity")

    def multiplied(said: Said) -> Decimal | None:
        one, other = left(said), right(said)
        return None if one is None or other is None else one * other

    return left_is or right_is, multiplied


def _case(amount: Case, model: type[YearlySum], names: set[str]) -> tuple[bool, Factor]:
    """Every branch a multiple of the quantity, or nothing."""
    branches: list[tuple[Q, Factor]] = []
    for case in amount.cases:
        if not isinstance(case, When) or not isinstance(case.condition, Q):
            raise NotSummableError("a condition that is no Q")
        names.update(_names_in(case.condition, model))
        is_quantity, factor = _factor(case.result, model, names)
        if not is_quantity:
            raise NotSummableError("a branch without the quantity")
        branches.append((case.condition, factor))
    if not isinstance(amount.default, Value) or amount.default.value is not None:
        raise NotSummableError("a default")
    return True, lambda said: next((factor(said) for where, factor in branches if _holds(where, said)), None)
