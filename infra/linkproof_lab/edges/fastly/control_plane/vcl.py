"""The VCL that the lab knows: what snippets may do to the request to the origin. Everything else is refused, where Fastly compiles it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_NAME: Final = r"(?P<name>[A-Za-z0-9-]+)"
_UNSET = re.compile(rf"unset bereq\.http\.{_NAME};")
_SET = re.compile(rf'set bereq\.http\.{_NAME} = (?:"(?P<text>[^"\\]*)"|(?P<host>req\.http\.[Hh]ost));')
# www.fastly.com/documentation/reference/vcl/variables/backend-request/bereq-http: readable and settable there
KNOWN_TYPES: Final = ("miss", "pass")


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """Args:
    value: None where the header is taken away.
    is_host: the value is the viewer's Host.
    """

    name: str
    value: str | None
    is_host: bool = False


def problems(snippet: Mapping[str, Any]) -> Iterator[str]:
    """What the compiler would say."""
    if snippet["type"] not in KNOWN_TYPES:
        yield f"Snippet '{snippet['name']}': the lab knows snippets of type {' and '.join(KNOWN_TYPES)} alone"
        return
    for line in _lines(snippet):
        if not (_UNSET.fullmatch(line) or _SET.fullmatch(line)):
            yield f"Syntax error: Unexpected token in snippet '{snippet['name']}': {line}"


def changes(snippets: list[Mapping[str, Any]], subroutine: str) -> tuple[HeaderChange, ...]:
    """What the snippets of one subroutine do, in the order of their priorities."""
    found: list[HeaderChange] = []
    for snippet in sorted(snippets, key=lambda one: int(one["priority"])):
        if snippet["type"] != subroutine:
            continue
        for line in _lines(snippet):
            said = _SET.fullmatch(line)
            if said is not None:
                found.append(HeaderChange(said["name"], said["text"] or "", is_host=said["host"] is not None))
            elif (gone := _UNSET.fullmatch(line)) is not None:
                found.append(HeaderChange(gone["name"], None))
    return tuple(found)


def _lines(snippet: Mapping[str, Any]) -> list[str]:
    return [line.strip() for line in str(snippet["content"] or "").splitlines() if line.strip()]
