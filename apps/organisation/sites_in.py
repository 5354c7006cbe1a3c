"""A condition over many sites, as one array."""

from collections.abc import Iterable

from django.db.models import BooleanField, CharField, F, Func, Value

from apps.organisation.models import Site


class AnyOf(Func):
    """``column = ANY (array)``: what ``__in`` says of a list, without a parameter for each of hundreds of rows."""

    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY ("
    output_field = BooleanField()

    def __init__(self, column: str, numbers: Iterable[int]) -> None:
        written = ",".join(str(int(number)) for number in numbers)
        super().__init__(F(column), Value(f"{{{written}}}", output_field=CharField()))


def at_sites(column: str, sites: Iterable[Site]) -> AnyOf:
    """Rows whose ``column`` is one of ``sites``."""
    return AnyOf(column, (site.id for site in sites))
