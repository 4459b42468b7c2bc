"""docs/conformance.md: what is asked and why, and what known edges do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from linkproof.conformance.requirements.all import ALL

if TYPE_CHECKING:
    from linkproof.conformance.run.found import Conformance, Outcome

_INTRO: Final = """# The conformance suite

`linkproof conformance HOST` asks an edge, whosever, all that senders need of it. Each requirement has an id, a reason, the harm that comes of it, and what
shows it. A *must* names the sender or the client that makes such requests, and only a must refuses an edge; a *should* is said.

## How to ask

An edge of your own, configured to forward to an origin that the command starts; ports take TLS and plain HTTP alike, IPv4 and IPv6:

```
linkproof conformance url1.example.net --origin-listen 127.0.0.1:8443 --certificate origin.pem --key origin.key
```

`--connect ADDRESS` asks an edge to which the host does not lead yet, `--ca FILE` trusts an authority of your own, `--sender NAME` asks what that sender
needs (SparkPost: `X-Forwarded-Host`, and answers kept for at most 10 s).

An edge elsewhere: start the origin where the edge reaches it, without a host, and give the URL that it prints to the run:

```
linkproof conformance --origin-listen 0.0.0.0:443 --certificate origin.pem --key origin.key
linkproof conformance url1.example.net --echo https://origin.example.net/SECRET/
```

A live host, without either: only what needs no click is asked, by the one request that is known to be safe at the sender (`--sender`). The verdict is then
`not-proven`, for most musts were not asked.

| exit | meaning |
|---|---|
| 0 | every must was asked and is kept; a should may be broken |
| 1 | a must is broken |
| 2 | bad input, or an echo endpoint that cannot be used |
| 3 | no must is broken, but one could not be asked |

`--json` prints `{"version": 1, "host", "mode": "origin|echo|live", "verdict": "proven|differs|not-proven", "requirements": [{"id", "strength", "verdict":
"kept|broken|not asked", "harm", "says", "because", "faults": [{"sent", "expected", "seen"}], "notes", "why"}]}`.

## The echo's protocol

Any program may be the echo. Texts hold one character an octet (latin-1). The path is the credential: 192 random bits, made at each start.

| request | answer |
|---|---|
| `GET …/SECRET/requests?after=N` | `{"version": 1, "last": M, "requests": [{"number", "connection", "nth", "line", "headers": [[name, value]], "body", "tls", "sni", "proxy", "peer", "at"}]}`: requests with a number over N; `last` is the newest number. Only `line` and `headers` are required of each; those for the secret path are not recorded |
| `PUT …/SECRET/orders` with `{"version": 1, "key": TEXT, "order": ORDER or null}` | 200. From then on a request whose target holds the text is answered as ordered; the newest order that fits counts, the empty text is for all others, null takes an order back. Any other status: the echo takes no orders, and what needs them is not asked |

ORDER is `{"status": 302, "headers": [[name, value]], "body": TEXT, "etag": TEXT, "act": "answer", "every": 100}`. With `etag` a request that has it in If-None-Match
is answered 304. `act`: `answer`; `close`, `reset`: read the request, then end the connection so; `garbage`: answer what is not HTTP; `silent`: never answer; `lose`:
`close` one request in `every`, and answer the others.

## Requirements
"""
_RESULTS: Final = """## What known edges do

Written by `python -m bench.conformance`, which starts each of them with the least configuration that forwards (`tests/conformance/programs/`), or the lab's model with
what its declared plan makes. **broken** is a must that is broken, *broken* a should; – was not asked. The numbers are clicks: of those sent while
the origin loses one in a hundred, how many counted twice and how many were lost.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One edge.

    Args:
        name: with its version, or the sender whose needs it was asked.
        shown: from requirement to its cell.
        lost: what became of clicks while the origin lost some.
    """

    name: str
    shown: dict[str, str]
    lost: str


def title(name: str, label: str = "") -> str:
    return f"{name}, {label}" if label else name


def column(name: str, run: Conformance) -> Column:
    shown = {one.requirement.id: cell(one) for one in run.outcomes}
    notes = [note for one in run.outcomes if one.requirement.id == "loss.spreads" for note in one.notes]
    return Column(name, shown, notes[0].rpartition(": ")[2] if notes else "–")


def cell(outcome: Outcome) -> str:
    if outcome.verdict == "broken":
        return "**broken**" if outcome.requirement.is_must else "*broken*"
    return "kept" if outcome.verdict == "kept" else "–"


def text(columns: Sequence[Column]) -> str:
    """The whole page, in Markdown."""
    known = ["", _RESULTS, *results(columns)] if columns else []
    return "\n".join([_INTRO, *requirements(), *known, ""])


def requirements() -> Iterator[str]:
    yield "| id | | what holds | who asks so, or would notice | what goes wrong without it | harm | shown by |"
    yield "|---|---|---|---|---|---|---|"
    for one in ALL:
        yield (
            f"| `{one.id}` | {one.strength} | {one.says} | {one.who} | {one.because} | {one.harm} | {one.shown_by} |"
        )


def results(columns: Sequence[Column]) -> Iterator[str]:
    yield "| edge | musts broken | shoulds broken | not asked | of clicks at a lossy origin |"
    yield "|---|---|---|---|---|"
    for one in columns:
        yield (f"| {one.name} | {_ids(one, '**broken**')} | {_ids(one, '*broken*')} | {_ids(one, '–')} | {one.lost} |")


def _ids(column: Column, wanted: str) -> str:
    return ", ".join(f"`{key}`" for key, cell in column.shown.items() if cell == wanted) or "none"
