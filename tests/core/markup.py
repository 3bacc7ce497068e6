"""Comparing HTML as a browser reads it, apart from white space, the order of attributes and made-up ids."""

import re
from html.parser import HTMLParser

VOID = {"br", "input", "img", "hr", "meta", "link", "path", "rect"}
REFERRING = ("id", "for", "aria-describedby", "aria-controls", "aria-labelledby")


class Reader(HTMLParser):
    """Turns HTML into a list of lines: start tags with sorted attributes, texts, end tags."""

    def __init__(self, ignored: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.ignored = ignored
        self.parts: list[tuple[str, object]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((f"<{tag}>", {k: v or "" for k, v in attrs if k not in self.ignored}))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.parts.append((f"</{tag}>", None))

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", " ", data).strip()
        if text:
            self.parts.append(("text", text))


def shape(html: str, *, ignored: tuple[str, ...] = ()) -> list[str]:
    """The HTML as comparable lines. Ids become id1, id2 … in the order they are defined, wherever they are named."""
    reader = Reader(frozenset(ignored))
    reader.feed(html)
    reader.close()
    names: dict[str, str] = {}
    for _, attrs in reader.parts:
        if isinstance(attrs, dict) and attrs.get("id"):
            names.setdefault(attrs["id"], f"id{len(names) + 1}")
    return [line(part, names) for part in reader.parts]


def line(part: tuple[str, object], names: dict[str, str]) -> str:
    """One part as text, with its ids renamed and its classes and attributes in order."""
    what, attrs = part
    if isinstance(attrs, str):
        return attrs
    if not isinstance(attrs, dict):
        return what
    attrs = dict(attrs)
    for key in REFERRING:
        if key in attrs:
            attrs[key] = " ".join(names.get(name, name) for name in attrs[key].split())
    if attrs.get("href", "").startswith("#"):
        attrs["href"] = "#" + names.get(attrs["href"][1:], attrs["href"][1:])
    if "class" in attrs:
        attrs["class"] = " ".join(sorted(attrs["class"].split()))
    return f"{what} {sorted(attrs.items())}"
