"""Arguments and options that several commands share."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.contract.declared import Link
    from linkproof.contract.state import State
    from linkproof.declaration.load import Loaded
    from linkproof.declaration.model import Declaration
    from linkproof.engine.cli import Engine

Stack = Annotated[str, typer.Argument(help="A stack of this project, for example dev.", metavar="STACK")]
# How the outside is asked, for every command that asks it.
Hints = Annotated[Path | None, typer.Option(help="A root hints file in zone-file form.")]
Resolvers = Annotated[list[str] | None, typer.Option(help="ADDR[:PORT], tls://… or https://…; may repeat.")]
DnsPort = Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the authoritative servers.")]
WebPort = Annotated[int | None, typer.Option(min=1, max=65535)]
TrustFile = Annotated[Path | None, typer.Option(help="Further trust anchors, PEM.")]
Reports = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        metavar="FORMAT=FILE",
        help="Write a report beside the text: text, json, sarif, html, markdown or prometheus; may repeat. "
        "With `-` as its file it goes to standard output, in place of the text.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def seconds(text: str) -> float:
    """The seconds of `90s`, `10m` or `1h`.

    Raises:
        typer.BadParameter: it is no duration.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(s|m|h)?", text.strip())
    if match is None:
        raise typer.BadParameter(f"--wait {text!r} is not a duration: write 90s, 10m or 1h")
    return float(match[1]) * {"s": 1, "m": 60, "h": 3600}[match[2] or "s"]


def link_of(declaration: Declaration, key: str) -> Link:
    """Raises:
    LinkproofError: there is no such link.
    """
    if key not in declaration.links:
        raise LinkproofError(f"{key} is no link", f"name one of: {', '.join(declaration.links)}")
    return declaration.links[key]


def print_json(document: Any) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))


def stack_declaration(stack: str) -> tuple[Engine, Declaration]:
    """The engine and the declaration of one stack.

    Raises:
        LinkproofError: no such stack, or its declaration has problems.
        MissingExtraError: what deploys such a stack is not installed.
    """
    from linkproof import extras
    from linkproof.declaration.load import require
    from linkproof.engine.cli import Engine
    from linkproof.project import Project

    project = Project.find()
    declaration = require(project.declaration_file(stack))
    extras.require(*needed_extras(declaration))
    return Engine(project, stack, declaration.lab), declaration


def deployed_state(stack: str) -> tuple[Declaration, State | None, str]:
    """The declaration of a stack with the state of its last deployment; without one, why.

    Raises:
        LinkproofError: no such stack, its declaration has problems, or the backend cannot be asked.
    """
    from linkproof.declaration.load import require
    from linkproof.engine.environment import NoCliError
    from linkproof.engine.state import read_state
    from linkproof.extras import MissingExtraError
    from linkproof.project import Project

    try:
        engine, declaration = stack_declaration(stack)
        document = engine.export_if_any()
    except (MissingExtraError, NoCliError) as error:
        lacks = f"what only the state of {stack} knows is left open: {error}"
        return require(Project.find().declaration_file(stack)), None, lacks
    if document is None:
        return declaration, None, f"{stack} was never deployed"
    return declaration, read_state(document), ""


def needed_extras(declaration: Declaration) -> set[str]:
    """The extras of the package that deploying this declaration needs."""
    from linkproof import registry

    plugins: list[registry.Plugin] = [registry.dns(zone.dns) for zone in declaration.zones.values()]
    plugins += [registry.edge(edge.provider) for edge in declaration.edges.values()]
    # a host that names no account has nothing made for it
    plugins += [
        registry.tracking(host.provider) for host in declaration.tracking_hosts.values() if host.options.accounts()
    ]
    vendors = {plugin.facts.VENDOR for plugin in plugins} - {None}
    found = {extra for name in vendors if name for extra in registry.vendor(name).account.LIBRARIES.values()}
    return {"deploy", *found, *(["lab"] if declaration.lab else [])}


def stack_document(engine: Engine, declaration: Declaration, state: dict[str, Any]) -> dict[str, Any]:
    """The stack's expectations by this state document, written to its file."""
    from datetime import UTC, datetime

    from linkproof.declaration.fingerprint import fingerprint
    from linkproof.engine.state import read_state
    from linkproof.expectations.file import write
    from linkproof.expectations.join import join
    from linkproof.plan.build import build

    stack = engine.stack
    file = engine.project.expectations_file(stack)
    document = join(build(declaration), read_state(state), stack=stack, now=datetime.now(UTC))
    document["declaration"] = fingerprint(declaration)
    write(file, document)
    return document


def is_revision(spec: str) -> bool:
    """Whether it is REV:path, and not a file."""
    return ":" in spec and not Path(spec).exists()


def load_source(spec: str) -> Loaded:
    """Read a declaration from FILE or REV:path, with all of its problems."""
    from linkproof.declaration.load import load, load_text
    from linkproof.declaration.source import read_source

    if not is_revision(spec):
        return load(Path(spec))  # what cannot be read is a problem too, so that other files are still judged
    data, name = read_source(spec)
    return load_text(data, name)


def stack_of(spec: str) -> str | None:
    """The stack that this word names, where it names no file: one with a Pulumi.<stack>.yaml here."""
    from linkproof.project import Project

    if not spec or ":" in spec or "/" in spec or Path(spec).exists():
        return None
    try:
        project = Project.find()
    except LinkproofError:
        return None
    return spec if project.stack_file(spec).is_file() else None


def load_stack(stack: str) -> Loaded:
    """A stack's declaration with all of its problems, those with the stack's config among them.

    Raises:
        LinkproofError: no such stack, or its config cannot be read.
    """
    from linkproof.declaration.accounts import unknown_accounts
    from linkproof.declaration.load import Loaded, load
    from linkproof.project import Project

    project = Project.find()
    loaded = load(project.declaration_file(stack))
    if loaded.declaration is None:
        return loaded
    config, file = project.stack_config(stack), project.shown(project.stack_file(stack))
    found = tuple(unknown_accounts(loaded.declaration, config, file))
    return Loaded(loaded.declaration, (*loaded.problems, *found))


def require_source(spec: str) -> Declaration:
    """The declaration in FILE or REV:path.

    Raises:
        DeclarationError: it has errors.
    """
    from linkproof.declaration.load import DeclarationError

    loaded = load_source(spec)
    if loaded.declaration is None:
        raise DeclarationError(spec, loaded.problems)
    return loaded.declaration
