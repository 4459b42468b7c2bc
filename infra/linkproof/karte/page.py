"""Whether a page's tag talks to the tracking host in all four URLs, and to nothing else. The page is only read, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from linkproof.karte.script import InitCall, Token, init_calls, tokens, tracker_names
from linkproof.karte.scripts import scripts_of
from linkproof.karte.tag import PLACEHOLDER, SCRIPT_HOST, URLS
from linkproof.names import HostName
from linkproof.words import counted

_KARTE = re.compile(r"(?:[a-z0-9-]+\.)*karte\.io(?![a-z0-9-])", re.IGNORECASE)
_MOST_SHOWN = 200
# a page has one tag, or a few
_MOST_CALLS = 20
Kind = Literal["differs", "unknown"]


@dataclass(frozen=True, slots=True)
class PageFinding:
    """One thing that is not as it should be, or that nobody can tell without running the page."""

    id: str
    kind: Kind
    message: str
    fix: str

    def to_json(self) -> dict[str, str]:
        return {"id": self.id, "kind": self.kind, "message": self.message, "fix": self.fix}


def check_page(html: str, host: HostName) -> list[PageFinding]:
    """Everything that is wrong or unknown of the page's tag; empty where it talks to the host in all four."""
    scripts = scripts_of(html)
    sources = [script.source for script in scripts if script.source]
    each = [tokens(script.text) for script in scripts]
    names = frozenset({"tracker", *(name for script in each for name in tracker_names(script))})
    calls = list(islice((call for script in each for call in init_calls(script, names)), _MOST_CALLS))
    findings = list(_without_tag(sources)) if not calls else []
    for call in calls:
        findings += _judge(call, host)
    return [*findings, *_elsewhere(each, sources, calls)]


def _without_tag(sources: list[str]) -> Iterator[PageFinding]:
    if sources:
        message = (
            f"the page has no tag of its own, and {counted(len(sources), 'script')} from elsewhere, which may bring one"
        )
        fix = "look in the tag manager, and check the page as the browser has it: save it there, and give the file"
        yield PageFinding("page.no-tag", "unknown", message, fix)
    else:
        yield PageFinding("page.no-tag", "differs", "the page has no tag", "put in what `linkproof karte tag` prints")


def _judge(call: InitCall, host: HostName) -> Iterator[PageFinding]:
    fix = f"put in what `linkproof karte tag {host}` prints"
    if call.api_key is None:
        yield PageFinding("page.key", "unknown", "the API key is not written out", "look at it in the browser")
    elif call.api_key == PLACEHOLDER or not call.api_key:
        yield PageFinding(
            "page.key", "differs", f"the API key is {call.api_key or 'empty'}", "write the project's own API key"
        )
    if not call.is_whole:
        yield PageFinding("page.options", "unknown", "the tag's options are computed, which only running it tells", fix)
    for option, path in URLS.items():
        expected = f"https://{host}{path}"
        if option in call.options:
            value = call.options[option]
            if value is None:
                yield PageFinding(
                    f"page.{option}", "unknown", f"{option} is computed, which only running it tells", fix
                )
            elif value != expected:
                yield PageFinding(f"page.{option}", "differs", f"{option} is {_shown(value)}, not {expected}", fix)
        elif call.is_whole:
            yield PageFinding(
                f"page.{option}", "differs", f"{option} is not there, so this goes to t.karte.io, not {expected}", fix
            )
    if call.is_whole and call.options.get("httponly_cookie") is not True:
        said = call.options.get("httponly_cookie", "not there")
        yield PageFinding("page.httponly_cookie", "differs", f"httponly_cookie is {_shown(said)}, not true", fix)
    for option, value in call.options.items():
        if option.endswith("_url") and option not in URLS:
            yield PageFinding("page.other-url", "differs", f"{_shown(option)} leads to {_shown(value)} as well", fix)


def _elsewhere(each: list[list[Token]], sources: list[str], calls: list[InitCall]) -> Iterator[PageFinding]:
    """KARTE's own hosts in whatever else the page has; a tag's own options are judged already."""
    judged = {value for call in calls for value in call.options.values()}
    texts = [token.value for script in each for token in script if token.kind == "text" and token.value not in judged]
    found = {name.lower() for text in (*texts, *sources) for name in _KARTE.findall(text)} - {SCRIPT_HOST}
    for name in sorted(found):
        message = f"the page names {_shown(name)} too, which is not the tracking host"
        yield PageFinding(
            "page.elsewhere", "differs", message, "take that out; only the script itself comes from static.karte.io"
        )


def _shown(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
