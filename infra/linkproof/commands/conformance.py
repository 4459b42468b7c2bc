"""`linkproof conformance`: whether an edge, whosever, leaves a click as it is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.options import Json, TrustFile, WebPort

if TYPE_CHECKING:
    from linkproof.conformance.run.found import Conformance


def register(app: typer.Typer) -> None:
    app.command()(conformance)


def conformance(
    host: Annotated[
        str | None,
        typer.Argument(
            help="The host that the edge answers for, or with --stack the key of an edge; without one only the origin is served.",
            metavar="[HOST|EDGE]",
        ),
    ] = None,
    stack: Annotated[
        str | None,
        typer.Option(metavar="STACK", help="Ask an edge of this stack, by its key, for the first of its links."),
    ] = None,
    sender: Annotated[
        str | None, typer.Option(help="What this sender needs: sendgrid, ses or sparkpost; else what any needs.")
    ] = None,
    connect: Annotated[
        list[str] | None, typer.Option(help="Ask the edge at this address, not where the host leads; may repeat.")
    ] = None,
    http_port: WebPort = None,
    https_port: WebPort = None,
    ca: TrustFile = None,
    origin_listen: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDRESS:PORT",
            help="Serve the origin here, TLS and plain, and let the edge forward to it; may repeat.",
        ),
    ] = None,
    certificate: Annotated[Path | None, typer.Option(help="Of that origin: PEM, with its chain.")] = None,
    key: Annotated[Path | None, typer.Option(help="Of that certificate: PEM.")] = None,
    echo: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Of an origin elsewhere that tells what arrived (docs/conformance.md)."),
    ] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="ID", help="This requirement alone; may repeat.")] = None,
    as_json: Json = False,
) -> None:
    """Ask an edge all that senders need of it: bytes, names, methods, caches, retries, TLS. 0 kept, 1 a must broken, 3 not all asked.

    Without --origin-listen and --echo the host is live, and only what needs no click is asked.
    """
    import asyncio

    from linkproof.commands.standard_streams import clear_progress
    from linkproof.commands.verify import progress_line

    _check(host, origin_listen, certificate, key, echo)
    front = {"sender": sender, "connect": connect, "http_port": http_port, "https_port": https_port, "ca": ca}
    if stack is not None:
        host, front = _of_stack(stack, host, front)
    run = asyncio.run(
        _run(
            host,
            front,
            {"listen": origin_listen or [], "certificate": certificate, "key": key, "echo": echo},
            only=frozenset(only or ()),
            progress=None if as_json else progress_line(),
        )
    )
    clear_progress()
    if stack is not None and front["at"] and not connect:
        _keep(stack, str(front["provider"]), run)
    if as_json:
        from linkproof.commands.options import print_json
        from linkproof.conformance.report.document import document

        print_json(document(run))
    else:
        from linkproof.conformance.report.text import lines

        for line in lines(run):
            print(line)
    sys.stdout.flush()
    raise typer.Exit(run.exit_code)


def _keep(stack: str, edge: str, run: Conformance) -> None:
    """What the edge's counter has of this run; what cannot be kept counts as somebody's, and the edge stays longer."""
    import contextlib
    from datetime import UTC, datetime

    from linkproof.engine.own_requests import OwnRequests, conformance_s
    from linkproof.project import Project

    with contextlib.suppress(OSError):
        own = OwnRequests(Project.find().work_dir(stack))
        own.keep(conformance_s(run.requests, edge), datetime.now(UTC))


def _check(
    host: str | None, listen: list[str] | None, certificate: Path | None, key: Path | None, echo: str | None
) -> None:
    if listen and echo:
        raise typer.BadParameter(
            "--origin-listen is an origin of this command and --echo one elsewhere: give one of the two"
        )
    if (certificate is None) != (key is None) or (certificate is not None and not listen):
        raise typer.BadParameter("--certificate and --key go together, with --origin-listen")
    if host is None and not listen:
        raise typer.BadParameter("name a HOST, or give --origin-listen to serve an origin for a run elsewhere")


def _of_stack(stack: str, key: str | None, front: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The host of the edge's first link, and where and for whom it is asked."""
    from linkproof.commands.edge_addresses import edge_addresses
    from linkproof.commands.verify import defaults_of
    from linkproof.conformance.run.declared import declared_edge
    from linkproof.declaration.load import require
    from linkproof.expectations.model import load
    from linkproof.project import Project

    if key is None or front["sender"] is not None:
        raise typer.BadParameter("--stack takes the key of an EDGE, and the edge's link says its sender")
    project = Project.find()
    declaration = require(project.declaration_file(stack))
    edge = declared_edge(declaration, key, load(project.expectations_file(stack), stack).endpoints)
    given = {name: value for name, value in front.items() if value is not None}
    defaults = {name: defaults_of(project, declaration).get(name) for name in ("http_port", "https_port", "ca")}
    known = {"sender": edge.sender, "needs": edge.needs, "at": edge.connect, "provider": edge.provider}
    if edge.connect and not front["connect"]:
        known["connect"] = edge_addresses(edge.connect, project, declaration)
    return edge.host, {**front, **defaults, **given, **known}


async def run_at(host: str, front: dict[str, Any]) -> Conformance:
    """What needs no origin and no click, of a live edge.

    Args:
        front: how it is asked, as the command's options name it, and `needs` and `at`.
    """
    origin: dict[str, Any] = {"listen": [], "certificate": None, "key": None, "echo": None}
    return await _run(host, front, origin, only=frozenset(), progress=None)


async def _run(
    host: str | None, front: dict[str, Any], origin: dict[str, Any], *, only: frozenset[str], progress: Any
) -> Conformance:
    import asyncio

    from linkproof.conformance.run.origins import EchoOrigin, OwnOrigin
    from linkproof.conformance.run.run import conform
    from linkproof.conformance.run.session import Session
    from linkproof.conformance.run.start import front_of, known, needs_of, probe_of, start_origin

    known(only)
    needs, probe = front.get("needs") or needs_of(front["sender"]), probe_of(front["sender"])
    recording = None
    if origin["listen"]:
        recording = await start_origin(origin["listen"], origin["certificate"], origin["key"])
        if host is None:
            for address, port in recording.listening:
                shown = f"[{address}]" if ":" in address else address
                print(
                    f"echo: {'https' if origin['certificate'] else 'http'}://{shown}:{port}/{recording.secret}/",
                    flush=True,
                )
            await asyncio.Event().wait()
    assert host is not None
    try:
        at = OwnOrigin(recording) if recording else None
        elsewhere = await EchoOrigin.at(origin["echo"], front["ca"]) if origin["echo"] else None
        where = await front_of(
            host, front["connect"], front["http_port"], front["https_port"], front["ca"], front.get("at", "")
        )
        return await conform(Session(where, elsewhere or at, needs=needs, probe=probe), only=only, progress=progress)
    finally:
        if recording is not None:
            await recording.stop()
