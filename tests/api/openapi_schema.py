"""Holds an answer against the OpenAPI description: the few words of JSON Schema that it uses, and no more."""

import datetime as dt
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}
_KNOWN = {
    "$ref", "anyOf", "type", "enum", "const", "properties", "required", "additionalProperties", "items", "format",
    "title", "description", "examples", "default", "minimum", "maximum",
}  # fmt: skip


def problems(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = "$") -> list[str]:
    """Where ``value`` is not what ``schema`` says. An answer may hold nothing that its schema does not name."""
    unknown = set(schema) - _KNOWN
    assert not unknown, f"{at}: the description uses {unknown}"
    if "$ref" in schema:
        return problems(value, resolved(schema["$ref"], whole), whole, at)
    if "anyOf" in schema:
        tried = [problems(value, each, whole, at) for each in schema["anyOf"]]
        return [] if [] in tried else [f"{at}: {value!r} fits none of its kinds"]
    kind = schema.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or (kind == "integer" and isinstance(value, bool))):
        return [f"{at}: {value!r} is no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is not among {schema['enum']}"]
    if schema.get("format") == "date":
        dt.date.fromisoformat(value)
    if schema.get("format") == "date-time":
        dt.datetime.fromisoformat(value)
    found: list[str] = []
    if kind == "array":
        for index, item in enumerate(value):
            found += problems(item, schema["items"], whole, f"{at}[{index}]")
    if kind == "object" and "properties" in schema:
        found += [f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value]
        found += [f"{at}: {name} is not described" for name in value if name not in schema["properties"]]
        for name, item in value.items():
            if name in schema["properties"]:
                found += problems(item, schema["properties"][name], whole, f"{at}.{name}")
    return found


def resolved(reference: str, whole: dict[str, Any]) -> dict[str, Any]:
    """What a ``$ref`` within the description names."""
    found: Any = whole
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    assert isinstance(found, dict)
    return found
