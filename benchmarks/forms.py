"""The forms of a page as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(kw_only=True)
class Form:
    """Where a form goes and what stands in it."""

    id: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def value(self, name: str) -> str:
        return dict(self.fields).get(name, "")

    def with_values(self, changes: dict[str, str]) -> list[tuple[str, str]]:
        """Its fields, some of them with other values."""
        return [(name, changes.get(name, value)) for name, value in self.fields]


def forms_in(html: str) -> list[Form]:
    parser = _Parser()
    parser.feed(html)
    return parser.forms


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._chosen: str | None = None
        self._first: str | None = None
        self._area = ""
        self._text = ""
        self._in_template = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "template" or self._in_template:  # no browser sends what a script may make of it one day
            self._in_template = True
            return
        if tag == "form":
            self._form = Form(id=given.get("id", ""), action=given.get("action", ""))
            self.forms.append(self._form)
        if self._form is None or given.get("form", self._form.id) != self._form.id:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self._select, self._chosen, self._first = name, None, None
        elif tag == "option" and self._select:
            if self._first is None:
                self._first = given.get("value", "")
            if "selected" in given:
                self._chosen = given.get("value", "")
        elif tag == "textarea":
            self._area, self._text = name, ""

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button", "file", "image") or (kind in ("checkbox", "radio") and "checked" not in given):
            return
        if self._form is not None and "disabled" not in given:
            self._form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._in_template = False
        if self._form is None:
            return
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            chosen = self._chosen if self._chosen is not None else self._first
            if chosen is not None:
                self._form.fields.append((self._select, chosen))
            self._select = ""
        elif tag == "textarea" and self._area:
            self._form.fields.append((self._area, self._text.removeprefix("\n")))
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data
