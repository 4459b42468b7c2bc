"""Asking edges at their own addresses, before clicks are led to them, and keeping what they showed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from linkproof import registry
from linkproof.contract.declared import Edge, Link
from linkproof.contract.guard import ClientOf
from linkproof.contract.state import State
from linkproof.declaration.model import Declaration
from linkproof.engine.guard.arrivals import Proof
from linkproof.engine.own_requests import OwnRequests, sent_to_edges
from linkproof.errors import LinkproofError
from linkproof.expectations.join import join
from linkproof.expectations.model import Expectations, parse
from linkproof.plan.build import build
from linkproof.verify.options import VerifyOptions
from linkproof.verify.result import VerificationResult
from linkproof.verify.run import verify

VERSION = 1
FILE = "probes.json"


def probe(
    declaration: Declaration,
    keys: Sequence[str],
    state: State,
    options: VerifyOptions,
    client: ClientOf,
    now: datetime,
    own: OwnRequests | None = None,
) -> tuple[dict[str, Proof], VerificationResult]:
    """Ask the edge of each of these links, whatever phase it is in, as it stands in `ready`: never through the click host's DNS.

    Canaries are not followed: they are clicks. Where no edge answers before clicks are led to it, its plug-in reads at the vendor.

    Args:
        keys: of links that have an edge.
        client: called only for an edge that nobody can ask.
        now: aware.
        own: keeps what was sent, for the edge's counter counts it.

    Raises:
        LinkproofError: nothing can be asked from here.
    """
    wanted = expected(declaration, keys, state, now)
    result = verify(wanted, options)
    if own is not None:
        own.keep(sent_to_edges(wanted, result), now)
    moments = state.written_at, now
    return {key: _proof(declaration, declaration.links[key], wanted, result, client, moments) for key in keys}, result


def expected(declaration: Declaration, keys: Sequence[str], state: State, now: datetime) -> Expectations:
    """What is expected of these links' edges alone, at their own addresses.

    Args:
        now: aware.
    """
    for key in keys:
        _edge(declaration, declaration.links[key])
    links = {key: _as_ready(one) if key in keys else one for key, one in declaration.links.items()}
    document = parse(join(build(replace(declaration, links=links)), state, stack=state.stack, now=now))
    return _narrowed(document, keys)


def _as_ready(link: Link) -> Link:
    """Its edge got ready beside the sender: it is asked at its own addresses."""
    return replace(link, phase="ready", standby=None)


def _narrowed(document: Expectations, keys: Sequence[str]) -> Expectations:
    ids = {f"{key}/edge" for key in keys}
    return document.model_copy(
        update={
            "records": (),
            "previous": (),
            "caa": tuple(one for one in document.caa if one.id in {f"{key}/caa" for key in keys}),
            "endpoints": tuple(one.model_copy(update={"canaries": ()}) for one in document.endpoints if one.id in ids),
            "pending": tuple(one for one in document.pending if one.id in ids),
        }
    )


def _proof(
    declaration: Declaration,
    link: Link,
    wanted: Expectations,
    result: VerificationResult,
    client: ClientOf,
    moments: tuple[str, datetime],
) -> Proof:
    edge = _edge(declaration, link)
    mine = {f"{link.key}/edge", f"{link.key}/caa"}
    wrong = [
        f"{one.rule}: {one.observed}"
        for one in result.findings
        if one.severity == "error" and not mine.isdisjoint((one.id, *one.affects))
    ]
    wrong += [f"could not be asked: {one.reason}" for one in result.could_not_check if one.id in mine]
    unseen = [one.reason for one in wanted.pending if one.id in mine and one.by_design]
    ready = registry.edge(edge.provider).ready
    if unseen and ready is not None:
        wrong += _read(link, declaration, client)
    elif not unseen and not any(one.id in mine for one in wanted.endpoints):
        wrong.append("the state has no edge of it")
    return Proof(
        edge.provider, link.click_host.text, *moments, tuple(dict.fromkeys(wrong)), tuple(dict.fromkeys(unseen))
    )


def _edge(declaration: Declaration, link: Link) -> Edge:
    """Raises:
    LinkproofError: the link has none that anybody could ask.
    """
    edge = declaration.edge_of(link)
    if edge is None or registry.edge(edge.provider).state is None:
        raise LinkproofError(
            f"{link.key} has no edge of its own to ask", "name a link with an `edge` that is not the sender's own"
        )
    return edge


def _read(link: Link, declaration: Declaration, client: ClientOf) -> Iterator[str]:
    edge = _edge(declaration, link)
    ready = registry.edge(edge.provider).ready
    assert ready is not None
    try:
        yield from ready.unready(link.click_host.text, edge, declaration.zone_of(link.click_host), client)
    except LinkproofError as error:
        yield f"{error.problem} ({error.fix})" if error.fix else error.problem


class Proofs:
    """What was shown, kept beside the stack's other files; one that is lost is only asked for again."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def read(self) -> dict[str, Proof]:
        """By link; nothing where the file is gone, torn or of another version."""
        try:
            document = json.loads(self._file.read_text())
            if document["version"] != VERSION:
                return {}
            return {key: _from_json(entry) for key, entry in document["links"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def keep(self, proofs: Mapping[str, Proof]) -> None:
        """Beside those of other links."""
        known = self.read() | dict(proofs)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        scratch = self._file.with_suffix(".new")
        links = {key: to_json(proof) for key, proof in known.items()}
        scratch.write_text(json.dumps({"version": VERSION, "links": links}, indent=1, ensure_ascii=False) + "\n")
        scratch.replace(self._file)


def to_json(proof: Proof) -> dict[str, Any]:
    return {
        "edge": proof.edge,
        "host": proof.host,
        "deployed_at": proof.deployed_at,
        "at": proof.at.isoformat(),
        "wrong": list(proof.wrong),
        "unseen": list(proof.unseen),
        "whole": proof.is_whole,
    }


def _from_json(entry: Mapping[str, Any]) -> Proof:
    at = datetime.fromisoformat(entry["at"])
    if at.tzinfo is None:
        raise ValueError("a moment without its zone")
    edge, host, deployed_at = (str(entry[key]) for key in ("edge", "host", "deployed_at"))
    wrong, unseen = (tuple(map(str, entry[key])) for key in ("wrong", "unseen"))
    return Proof(edge, host, deployed_at, at, wrong, unseen, is_whole=entry["whole"] is True)
