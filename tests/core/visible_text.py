"""Finds text that people would read in English whatever their language: in templates, Python and JavaScript."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from django.template.base import Lexer, TokenType

# Names of formats, laws and marks that no language translates.
NAMES: Final = frozenset(
    {
        "API",
        "CNY",
        "CO",
        "CSV",
        "DOCX",
        "ESG",
        "Excel",
        "English",
        "GB",
        "GWP",
        "HKD",
        "HKEX",
        "ID",
        "IPCC",
        "ISO",
        "JSON",
        "MB",
        "PDF",
        "SAR",
        "SHA",
        "TXT",
        "USD",
        "UTF",
        "WPS",
        "Word",
        "XLSX",
        "kgCO",
        "kgce",
        "mg",
        "tCO",
        "tce",
    }
)
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_ENTITY_FREE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands for a template tag or variable

# What stands in code is typed into a machine as it is.
_SILENT_ELEMENTS: Final = frozenset({"code", "script", "style", "svg"})
_SPOKEN_ATTRIBUTES: Final = frozenset(
    {"title", "aria-label", "aria-description", "aria-roledescription", "placeholder", "alt", "label", "data-label"}
)
_SENTENCE: Final = re.compile(r"[A-Z][a-z]+(?: [A-Za-z]|[.!?…]?$)")
# In a tag: with title="Some words", or a filter's argument such as default:"None yet".
_ARGUMENT: Final = re.compile(
    r"""(?:\w=|\|\s*default(?:_if_none)?:|\|\s*yesno:|\bas_text )(?P<quote>["'])(.*?)(?P=quote)"""
)
_FORMATS: Final = re.compile(r"[A-Z]+(?:_[A-Z]+)+|[A-Za-z]([-/:. ]?[A-Za-z])*")


def words_in(text: str, *, least: int = 2) -> list[str]:
    """The English words of a text, but for names that stay as they are."""
    return [word for word in _WORD.findall(text) if len(word) >= least and word not in NAMES]


def in_template(source: str) -> list[str]:
    """Literal text of a template that nothing translates."""
    found: list[str] = []
    parser = _Visible(found)
    inside = ""
    for token in Lexer(source).tokenize():
        word, _space, rest = token.contents.partition(" ")
        if inside:
            inside = "" if token.token_type is TokenType.BLOCK and word == inside else inside
            continue
        if token.token_type is TokenType.TEXT:
            parser.feed(token.contents)
            continue
        if token.token_type is TokenType.BLOCK and word in ("blocktranslate", "blocktrans", "comment"):
            inside = f"end{word}"
        elif token.token_type is TokenType.BLOCK and word == "block" and rest.endswith(("class", "coltype")):
            inside = "endblock"  # the value of an attribute
        elif token.token_type is not TokenType.COMMENT and word not in ("translate", "trans"):
            found += [literal for _quote, literal in _ARGUMENT.findall(token.contents) if _SENTENCE.match(literal)]
        parser.feed(_ENTITY_FREE)
    parser.close()
    return found


class _Visible(HTMLParser):
    """Collects the words between the tags, and those of attributes that are read out."""

    def __init__(self, found: list[str]) -> None:
        super().__init__()
        self._found = found
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT_ELEMENTS:
            self._silent.append(tag)
        self._look_at(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            self._silent.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent and words_in(data):
            self._found.append(" ".join(data.replace(_ENTITY_FREE, "…").split()))

    def _look_at(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        is_button = tag == "input" and values.get("type") in ("submit", "button", "reset")
        for name, value in values.items():
            spoken = name in _SPOKEN_ATTRIBUTES or (name == "value" and is_button)
            if (spoken and words_in(value)) or (name.startswith("data-") and _SENTENCE.match(value)):
                self._found.append(f"{name}={value}")


# Exceptions whose text is shown to people, and ways to tell them something.
_TELLING: Final = frozenset(
    {
        "EvidenceError",
        "NotFound",
        "NumberError",
        "Refused",
        "SpreadsheetError",
        "ValidationError",
        "add_error",
        "message_user",
    }
)
_LEVELS: Final = frozenset({"debug", "info", "success", "warning", "error", "add_message"})
_SPOKEN_KEYWORDS: Final = frozenset(
    {
        "empty_label",
        "error_message",
        "help_text",
        "label",
        "message",
        "short_description",
        "verbose_name",
        "verbose_name_plural",
        "violation_error_message",
    }
)


def in_python(path: Path) -> list[str]:
    """String literals that go to people without a translation, as line and text."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            for said in _said_by(node):
                found += [f"{said.lineno}: {text}" for text in _literals(said) if words_in(text, least=3)]
    return found


def _said_by(call: ast.Call) -> Iterator[ast.expr]:
    function = call.func
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    on_messages = (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "messages"
        and name in _LEVELS
    )
    if name in _TELLING or on_messages:
        # The first argument of add_error is the name of a field.
        yield from call.args[1:] if name == "add_error" else call.args
    for keyword in call.keywords:
        if keyword.arg in _SPOKEN_KEYWORDS:
            yield keyword.value


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _literals(value)
    elif isinstance(node, ast.List | ast.Tuple):
        for element in node.elts:
            yield from _literals(element)
    elif isinstance(node, ast.BinOp):
        yield from _literals(node.left)
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


_JS_COMMENT: Final = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
_JS_STRING: Final = re.compile(r"""(["'`])((?:\\.|(?!\1).)*)\1""", re.DOTALL)


def in_javascript(source: str) -> list[str]:
    """Strings of a script that read like sentences."""
    code = _JS_COMMENT.sub("", source)
    return [text for _quote, text in _JS_STRING.findall(code) if re.match(r"[A-Z][a-z]+ [A-Za-z]", text.strip())]
