"""Several questions to the database in one round trip, for pages that show many small lists.

Each queryset becomes an array of JSON in one statement; the rows come back as the models the querysets are of, with
what they joined and annotated. Numbers keep all their digits. Columns of bytes and of floats are not for this.
"""

import json
from collections.abc import Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import get_related_populators

# What JSON has no word for comes as text, and integers where a decimal has no fraction.
_WRITTEN_AS_TEXT = (models.DateField, models.DateTimeField, models.DecimalField, models.TimeField, models.UUIDField)


def together(*querysets: Any) -> list[list[Any]]:
    """The rows of each queryset of models, all of one database, in its order."""
    asked = Round(*querysets)
    with connections[asked.using].cursor() as cursor:
        return asked.answers(cursor)


class Round:
    """The same questions for whoever asks them again: to make their SQL often takes longer than to run it.

    It holds what the querysets were made of, so keep one only where all of that is in the key it is kept under.
    """

    def __init__(self, *querysets: Any) -> None:
        compiled = [_compiled(queryset) for queryset in querysets]
        parts = [each for each in compiled if each is not None]
        self.using = querysets[0].db if querysets else DEFAULT_DB_ALIAS
        self._compilers = [each and each[0] for each in compiled]
        self._statement = "SELECT " + ", ".join(sql for _compiler, sql, _parameters in parts) if parts else ""
        self._values = [value for _compiler, _sql, parameters in parts for value in parameters]

    def answers(self, cursor: Any) -> list[list[Any]]:
        """The rows of each queryset, in its order."""
        if not self._statement:
            return [[] for _compiler in self._compilers]
        cursor.execute(self._statement, self._values)
        found = iter(cursor.fetchone())
        return [[] if compiler is None else _rows(compiler, self.using, next(found)) for compiler in self._compilers]


def _compiled(queryset: Any) -> tuple[Any, str, Sequence[Any]] | None:
    """The compiler, its SQL as an array of JSON, and the parameters; None where no row can be found."""
    compiler = queryset.query.get_compiler(queryset.db)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    # Joined tables have columns of one name, so all of them are numbered.
    names = ", ".join(f"c{place}" for place in range(len(compiler.select)))
    return compiler, f"(SELECT json_agg(rows)::text FROM ({sql}) rows ({names}))", parameters


def _rows(compiler: Any, using: str, answer: str | None) -> list[Any]:
    if answer is None:
        return []
    select, klass = compiler.select, compiler.klass_info
    readers = [(place, read) for place, column in enumerate(select) if (read := _reader(column[0].output_field))]
    fields = klass["select_fields"]
    first, last = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    populators: Any = get_related_populators
    joined = populators(klass, select, using)
    found = []
    for stored in json.loads(answer, parse_float=Decimal):
        values = list(stored.values())
        for place, read in readers:
            if values[place] is not None:
                values[place] = read(values[place])
        row = klass["model"].from_db(using, names, values[first:last])
        for populator in joined:
            populator.populate(values, row)
        for name, place in compiler.annotation_col_map.items():
            setattr(row, name, values[place])
        found.append(row)
    return found


def _reader(field: models.Field[Any, Any]) -> Any:
    return field.to_python if isinstance(field, _WRITTEN_AS_TEXT) else None


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, str, Any], ...]:
    return tuple((str(field.column), field.attname, _reader(field)) for field in model._meta.concrete_fields)


def from_json(model: type[models.Model], text: str, using: str) -> Any:
    """The row that ``to_json`` of its table wrote."""
    stored = json.loads(text, parse_float=Decimal)
    columns = _columns(model)
    values = [
        read(stored[column]) if read and stored[column] is not None else stored[column]
        for column, _name, read in columns
    ]
    return model.from_db(using, [name for _column, name, _read in columns], values)


@lru_cache(maxsize=4096)
def kept_from_json(model: type[models.Model], text: str, using: str) -> Any:
    """The same for rows that nobody changes and every page needs, such as those of catalogues.

    The text is what the database says now, so that a row that was changed is another one here. All who ask with the
    same text get the same object: read it, and set nothing on it.
    """
    return from_json(model, text, using)
