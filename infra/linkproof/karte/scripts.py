"""The scripts of an HTML page, in time that grows with its length: `html.parser` of Python 3.11 takes minutes for a hostile megabyte."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_NEXT = re.compile(r"<!--|<script(?=[\s/>])", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*)))?")
_TAG_END = re.compile(r"[\s/=]*>")
_END = re.compile(r"</script(?=[\s/>])", re.IGNORECASE)
_COMMENT_END = re.compile(r"--!?>")


@dataclass(frozen=True, slots=True)
class Script:
    """One script; `source` is empty where its text is in the page, `text` where it is no JavaScript."""

    source: str
    text: str


def scripts_of(page: str) -> list[Script]:
    """In their order; those in comments are none."""
    found: list[Script] = []
    at = 0
    while (start := _NEXT.search(page, at)) is not None:
        if start[0] == "<!--":
            end = _COMMENT_END.search(page, start.end())
            if end is None:
                break
            at = end.end()
            continue
        attributes, at = _attributes(page, start.end())
        end = _END.search(page, at)
        text = page[at : end.start() if end else len(page)]
        kind = attributes.get("type", "").strip().lower()
        is_javascript = kind in {"", "module"} or "javascript" in kind or "ecmascript" in kind
        source = attributes.get("src", "")
        found.append(Script(source, text if is_javascript and not source else ""))
        if end is None:
            break
        at = end.end()
    return found


def _attributes(page: str, at: int) -> tuple[dict[str, str], int]:
    """Of one tag, the first of each name, and where its text begins."""
    found: dict[str, str] = {}
    while (closed := _TAG_END.match(page, at)) is None:
        each = _ATTRIBUTE.match(page, at)
        if each is None:
            return found, len(page)
        value = next((part for part in each.groups()[1:] if part is not None), "")
        found.setdefault(each[1].lower(), html.unescape(value))
        at = each.end()
    return found, closed.end()
