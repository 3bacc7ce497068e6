"""A message in words: subject, plain text and HTML from its kind's three templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from s2s_portal.notifications.documents import spoken


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a person reads. The text ends in a line break; the HTML is a whole page."""

    subject: str
    text: str
    html: str


def written(
    kind: str, context: Mapping[str, Any], *, to_name: str, without_file: bool = False, link: str = ""
) -> Written:
    """A message of that kind to `to_name`, from its stored context.

    `without_file` says in words that the calendar file cannot come with it. `link` is the whole address of its signed
    link: only delivery knows it, so that whoever reads a message in the portal cannot act for the school or setting.
    """
    template, said = _template(kind), _said(context, to_name) | {"without_file": without_file, "link": link}
    return Written(
        subject=_subject(template, said),
        text=render_to_string(f"{template}.txt", said).strip() + "\n",
        html=render_to_string(f"{template}.html", said),
    )


def subject_of(kind: str, context: Mapping[str, Any]) -> str:
    """The subject alone, for lists."""
    return _subject(_template(kind), _said(context, ""))


def _template(kind: str) -> str:
    return f"notifications/{kind.lower()}"


def _said(context: Mapping[str, Any], to_name: str) -> dict[str, Any]:
    return spoken(context) | {"to_name": to_name, "base_url": settings.BASE_URL}


def _subject(template: str, said: Mapping[str, Any]) -> str:
    return " ".join(render_to_string(f"{template}.subject.txt", dict(said)).split())
