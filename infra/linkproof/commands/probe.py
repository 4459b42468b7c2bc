"""`linkproof probe`: asks a link's edge at its own addresses, before DNS leads anybody there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.options import Json, link_of, print_json, stack_declaration

if TYPE_CHECKING:
    from linkproof.conformance.run.found import Conformance
    from linkproof.declaration.model import Declaration
    from linkproof.engine.cli import Engine
    from linkproof.engine.guard import Proof
    from linkproof.expectations.model import Expectations


def register(app: typer.Typer) -> None:
    app.command()(probe)


def probe(
    links: Annotated[list[str], typer.Argument(help="Links with an edge, by their keys.", metavar="LINK…")],
    stack: Annotated[str, typer.Option("--stack", "-s", help="The stack that has them.")] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="Without the requirements of `linkproof conformance` that need no click.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Ask the edge itself: certificate, both schemes, the host's name, query strings, and what else needs no click.

    What it shows is kept for an hour, and the guard lets clicks be led there on it. 0 ready for clicks, 1 not.
    """
    from linkproof.commands.verify import verify_options
    from linkproof.engine.clients import Clients
    from linkproof.engine.own_requests import OwnRequests, conformance_s
    from linkproof.engine.probe import Proofs, expected, to_json
    from linkproof.engine.probe import probe as run
    from linkproof.engine.state import read_state

    if not stack:
        raise typer.BadParameter("name the stack: --stack dev")
    engine, declaration = stack_declaration(stack)
    keys = list(dict.fromkeys(link_of(declaration, key).key for key in links))
    state, now = read_state(engine.export()), datetime.now(UTC)
    clients = Clients.when_asked(engine)
    options = verify_options(engine.project, declaration)
    own = OwnRequests(engine.project.work_dir(stack))
    client = lambda vendor, account: clients().client(vendor, account)  # noqa: E731
    found, _ = run(declaration, keys, state, options, client, now, own)
    runs: dict[str, Conformance] = {}
    if not quick:
        wanted = expected(declaration, keys, state, now)
        runs = {key: made for key in keys if (made := _conformance(engine, declaration, key, wanted)) is not None}
        found = {key: _whole(proof, runs.get(key)) for key, proof in found.items()}
        own.keep([one for key, made in runs.items() for one in conformance_s(made.requests, found[key].edge)], now)
    Proofs(engine.project.work_dir(stack)).keep(found)
    if as_json:
        print_json(
            {"version": 1, "links": {key: {**to_json(proof), **_kept(runs.get(key))} for key, proof in found.items()}}
        )
    else:
        for key, proof in found.items():
            for line in _in_words(key, declaration, proof, runs.get(key)):
                print(line)
    raise typer.Exit(1 if any(proof.wrong for proof in found.values()) else 0)


def _conformance(engine: Engine, declaration: Declaration, key: str, wanted: Expectations) -> Conformance | None:
    """What of `linkproof conformance` needs no origin and no click; None where nothing answers for the host yet."""
    import asyncio

    from linkproof.commands.conformance import run_at
    from linkproof.commands.edge_addresses import edge_addresses
    from linkproof.commands.verify import defaults_of
    from linkproof.plan.link import edge_uses

    link = replace(declaration.links[key], phase="ready", standby=None)
    endpoint = next((one for one in wanted.endpoints if one.id == f"{key}/edge"), None)
    if endpoint is None or endpoint.connect is None:
        return None
    (use,) = [one for one in edge_uses(declaration, [link]) if one.edge.key == link.edge]
    defaults = {name: defaults_of(engine.project, declaration).get(name) for name in ("http_port", "https_port", "ca")}
    addresses = edge_addresses(str(endpoint.connect), engine.project, declaration)
    if not addresses:
        return None
    front = {"sender": link.sender.provider, "needs": use.needs, "connect": addresses, **defaults}
    return asyncio.run(run_at(link.click_host.text, front))


def _whole(proof: Proof, run: Conformance | None) -> Proof:
    broken = [f"{one.requirement.id}: {one.faults[0].seen}" for one in run.of("broken", must=True)] if run else []
    return replace(proof, wrong=(*proof.wrong, *broken), is_whole=True)


def _kept(run: Conformance | None) -> Mapping[str, Any]:
    return {"kept": [one.requirement.id for one in run.of("kept")]} if run is not None else {}


def _in_words(key: str, declaration: Declaration, proof: Proof, run: Conformance | None) -> list[str]:
    from linkproof.contract.declared import PHASES_AT_EDGE

    host = declaration.links[key].click_host
    lines = [f"{key} ({host}) at {proof.edge}: {'not ready for clicks' if proof.wrong else 'ready for clicks'}"]
    lines += [f"  wrong: {one}" for one in proof.wrong]
    if proof.unseen and declaration.links[key].phase in PHASES_AT_EDGE:
        lines.append("  not probed apart: clicks are led there, and `linkproof verify` asks it as readers do")
    else:
        lines += [f"  not probed: {one}" for one in proof.unseen]
    if run is not None:
        lines.append(f"  kept: {', '.join(one.requirement.id for one in run.of('kept')) or 'nothing'}")
        weak = [one.requirement.id for one in run.of("broken", must=False)]
        lines += [f"  weak: {', '.join(weak)}"] if weak else []
    return lines
