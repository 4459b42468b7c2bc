"""docs/conformance.md: what is asked and why, and what known edges do."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
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
needs (SparkPost: `X-Forwarded-Host`, and answers kept for at most 10 s). A method that a sender does not take is not required for it.

An edge elsewhere: start the origin where the edge reaches it, without a host, and give the URL that it prints to the run:

```
linkproof conformance --origin-listen 0.0.0.0:443 --certificate origin.pem --key origin.key
linkproof conformance url1.example.net --echo https://origin.example.net/SECRET/
```

An edge of a stack is asked by its key, for the first of its links: where it is, whose host and what its sender needs come from the declaration and the last
deployment, and its addresses from the stack's own internet (`verify:` of the file, or the lab). A standby is so asked beside the edge in use. `--connect`, `--origin-listen` and `--echo` go with it as with a host.

```
linkproof conformance cdn --stack prod
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
_PAIRS: Final = """## Our own configurations

Every edge that can be declared, for every sender: what its declared plan makes, in the lab's model of the vendor; or the configuration that
`linkproof server-config` writes, in the real program. A verdict is `proven` where every must was asked and is kept, `differs` where one is broken. A method that a
sender does not take is not required for it (Amazon SES and SparkPost take no POST).

The lab's models do as the vendors' documents say, but for raw UTF-8 in a target and Latin-1 in a Location, which is the lab's HTTP library's doing; they have no
IPv6 addresses. What a vendor itself does is shown by the suite against a host there.
"""
_PROGRAMS: Final = """## What other edges do

Each program with the least configuration that forwards (`tests/conformance/programs/`), which is nobody's advice.
"""
_LEGEND: Final = """Written by `python -m bench.conformance`. A broken *must* refuses an edge, a broken *should* is said. The last column is clicks: of those sent while the origin
loses one in a hundred, how many counted twice and how many were lost.
"""
PAIR_HEAD: Final = (
    "edge",
    "sender",
    "verdict",
    "musts broken",
    "shoulds broken",
    "not asked",
    "of clicks at a lossy origin",
)
PROGRAM_HEAD: Final = ("edge", "musts broken", "shoulds broken", "not asked", "of clicks at a lossy origin")
Row = tuple[str, ...]


def program_row(name: str, run: Conformance) -> Row:
    """Of a program with its version, and what of its configuration is worth saying."""
    return (name, *_cells(run))


def pair_row(edge: str, sender: str, run: Conformance) -> Row:
    """Of an edge as declared for a sender."""
    return (edge, sender, run.verdict, *_cells(run))


def _cells(run: Conformance) -> Row:
    notes = [note for one in run.outcomes if one.requirement.id == "loss.spreads" for note in one.notes]
    return (
        _ids(run.of("broken", must=True)),
        _ids(run.of("broken", must=False)),
        _ids(run.of("not asked")),
        notes[0].rpartition(": ")[2] if notes else "–",
    )


def _ids(outcomes: Sequence[Outcome]) -> str:
    return ", ".join(f"`{one.requirement.id}`" for one in outcomes) or "none"


def text(pairs: Sequence[Row] = (), programs: Sequence[Row] = ()) -> str:
    """The whole page, in Markdown."""
    known = []
    if pairs or programs:
        known = ["", _PAIRS, _LEGEND, *table(PAIR_HEAD, pairs), "", _PROGRAMS, *table(PROGRAM_HEAD, programs)]
    return "\n".join([_INTRO, *requirements(), *known, ""])


def requirements() -> Iterator[str]:
    yield "| id | | what holds | who asks so, or would notice | what goes wrong without it | harm | shown by |"
    yield "|---|---|---|---|---|---|---|"
    for one in ALL:
        yield (
            f"| `{one.id}` | {one.strength} | {one.says} | {one.who} | {one.because} | {one.harm} | {one.shown_by} |"
        )


def table(head: Row, rows: Sequence[Row]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |" if row[0] != "---" else f"|{'|'.join(row)}|"


def rows_of(page: str, head: Row) -> list[Row]:
    """The rows of one table of a page; empty where it has none."""
    _, _, rest = page.partition("\n".join(table(head, ())) + "\n")
    lines = itertools.takewhile(lambda line: line.startswith("| "), rest.splitlines())
    return [tuple(line.removeprefix("| ").removesuffix(" |").split(" | ")) for line in lines]
