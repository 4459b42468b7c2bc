"""`linkproof init`: a declaration of what exists, or the two empty files of a new environment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.options import Json, print_json
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from linkproof.declaration.model import Declaration
    from linkproof.discover.entries import Composed
    from linkproof.discover.gather import Sources
    from linkproof.discover.model import HostSeen
    from linkproof.project import Project

    SeenBy = Callable[[Sequence[str], Project, Declaration | None], Mapping[str, HostSeen]]

# What Pulumi takes as a stack's name, and a file can be called.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")

HEAD = """\
# yaml-language-server: $schema=SCHEMA
#
"""

DECLARATION = (
    HEAD
    + """\
# Environment NAME. Fill in the sections below (linkproof's README explains each key), then run
#   linkproof check NAME
# Secrets are never here: `account` names them, Pulumi.NAME.yaml or the environment holds them.
version: 1

# Each DNS zone that holds a host below, and who serves it: cloudflare, route53, or manual where you publish by hand.
zones:
  # example.com: {dns: route53, id: Z0EXAMPLE}

# Who terminates HTTPS: cloudfront, or cloudflare for hosts in a Cloudflare zone.
edges:
  # aws: {provider: cloudfront}

# Each link in the phase that it is in today; a new one begins with `phase: branded`.
links:
  # newsletter:
  #   sender: sendgrid
  #   click_host: url1234.example.com
  #   owner_host: 1234567.example.com
  #   edge: aws
  #   phase: branded

tracking_hosts:
  # karte: {provider: karte, host: t.example.com, state: verifying}
"""
)

FOUND = (
    HEAD
    + """\
# Environment NAME, from what exists. Read each comment below: what says "decide" or "left out" needs you. Then run
#   linkproof check NAME
# Secrets are never here: `account` names them, Pulumi.NAME.yaml or the environment holds them.
version: 1
"""
)

CONFIG = """\
# Stack NAME. `pulumi stack init NAME --secrets-provider …` adds how its secrets are encrypted.
config:
  linkproof:declaration: stacks/NAME.yaml
  # What the declaration's account names mean; `default`, where none is named, takes the environment's credentials.
  linkproof:accounts: {}
"""


def stack_files(name: str, declaration: str = DECLARATION) -> dict[Path, str]:
    """The text of a new environment's two files, by their path in the project.

    Raises:
        LinkproofError: Pulumi takes no such name for a stack, or no file can have it.
    """
    if not _NAME.fullmatch(name):
        raise LinkproofError(f"{name!r} is no name of a stack", "use letters, digits, hyphen and underscore")
    schema = "../schemas/declaration.schema.json"
    return {
        Path("stacks") / f"{name}.yaml": declaration.replace("SCHEMA", schema).replace("NAME", name),
        Path(f"Pulumi.{name}.yaml"): CONFIG.replace("NAME", name),
    }


def register(app: typer.Typer) -> None:
    app.command()(init)


def init(
    name: Annotated[str, typer.Argument(help="The environment, for example prod.", metavar="STACK")],
    hosts: Annotated[
        list[str] | None, typer.Argument(help="Click hosts that are to be declared.", metavar="[HOST]...")
    ] = None,
    zone_file: Annotated[
        list[str] | None,
        typer.Option("--zone-file", help="A zone file; NAME where it has no $ORIGIN.", metavar="[NAME=]FILE"),
    ] = None,
    octodns: Annotated[
        list[str] | None,
        typer.Option(
            "--octodns", help="A zone of octoDNS; NAME where the file's name is not it.", metavar="[NAME=]FILE"
        ),
    ] = None,
    terraform: Annotated[
        list[str] | None,
        typer.Option("--terraform", help="What `terraform show -json` or `tofu show -json` wrote.", metavar="FILE"),
    ] = None,
    dns: Annotated[
        list[str] | None,
        typer.Option(
            "--dns",
            help="Ask a DNS host's API, cloudflare or route53, with an account's credentials.",
            metavar="NAME[=ACCOUNT]",
        ),
    ] = None,
    zone: Annotated[
        list[str] | None,
        typer.Option("--zone", help="A zone of these hosts. Of APIs and Terraform only these zones.", metavar="NAME"),
    ] = None,
    sender: Annotated[
        list[str] | None,
        typer.Option(
            "--sender",
            help="Ask a sender's API for the account's links, sendgrid or sparkpost, with an account's credentials.",
            metavar="NAME[=ACCOUNT]",
        ),
    ] = None,
    sender_answer: Annotated[
        list[str] | None,
        typer.Option("--sender-answer", help="What that API answered, saved as it is.", metavar="NAME=FILE"),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Records and files alone decide: no host is looked at from outside.")
    ] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="Nothing is looked up: both files are for you to fill in.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write stacks/STACK.yaml from what exists, or add to it what it lacks; what cannot be told is left out and said.

    Every source may be given several times, and all of them together. Nothing is written where one of them fails. What the
    file has stays as it is. With nothing left open, `linkproof verify STACK` proves what exists before anything is deployed.
    """
    from linkproof.discover.gather import Sources
    from linkproof.project import Project

    project = Project.find()
    given = (hosts, zone_file, octodns, terraform, dns, zone, sender, sender_answer)
    sources = Sources(*(tuple(one or ()) for one in given))
    files = stack_files(name)
    if empty:
        if any(given):
            raise LinkproofError("--empty looks nothing up, and sources are given", "leave one of them out")
        _empty(project, name, files, as_json=as_json)
        return
    if not sources:
        raise LinkproofError(
            "nothing is given to look at",
            f"name hosts or a source (`linkproof init --help` lists them), or run `linkproof init {name} --empty`",
        )
    _from(project, name, sources, None if offline else _seen_from_outside, as_json=as_json)


def _empty(project: Project, name: str, files: dict[Path, str], *, as_json: bool) -> None:
    from linkproof.discover.file import create

    there = [str(path) for path in files if (project.root / path).exists()]
    if there:
        raise LinkproofError(f"{' and '.join(there)} {'exist' if len(there) > 1 else 'exists'}", "give another name")
    for path, text in files.items():
        create(project.root / path, text)
    written = [str(path) for path in files]
    if as_json:
        print_json({"version": 1, "written": written})
        return
    print(f"written: {' and '.join(written)}")
    print(f"next: fill in {written[0]}, then run `linkproof check {name}`")


def _from(project: Project, name: str, sources: Sources, seen_by: SeenBy | None, *, as_json: bool) -> None:
    from linkproof.declaration.load import load, load_text
    from linkproof.discover.compose import candidates, compose
    from linkproof.discover.document import added
    from linkproof.discover.file import DeclarationFile, create
    from linkproof.discover.gather import gather

    (path, otherwise), (config, config_text) = stack_files(name, FOUND).items()
    declared = project.root / path
    if (project.root / config).exists():
        declared = Path.cwd() / project.declaration_file(name)
    shown = project.shown(declared)
    file = DeclarationFile.open(declared, shown, otherwise)
    existing = file.existing()
    there = load(declared).declaration if declared.exists() else None
    in_lab = there is not None and there.lab
    seen = gather(sources, lambda vendor, account: _client(project, name, vendor, account, lab=in_lab))
    looked = seen_by(candidates(seen), project, there) if seen_by is not None else {}
    composed = compose(seen, looked, existing)
    text = added(file.text, composed, shown)
    written = [shown] if file.write(text) else []
    if not (project.root / config).exists():
        create(project.root / config, config_text)
        written.append(str(config))
    loaded = load_text(text, shown)
    if loaded.declaration is not None and _expected(project, name, loaded.declaration, composed):
        written.append(project.shown(project.expectations_file(name)))
    errors = [str(problem) for problem in loaded.errors]
    _report(name, composed, written, errors, as_json=as_json)


def _expected(project: Project, name: str, declaration: Declaration, composed: Composed) -> bool:
    """What `verify` proves before a deployment; never in place of what one wrote."""
    from datetime import UTC, datetime

    from linkproof.declaration.fingerprint import fingerprint
    from linkproof.expectations.file import read_previous, write
    from linkproof.expectations.known import before_deployment, is_before_deployment, known_targets
    from linkproof.plan.build import build

    file = project.expectations_file(name)
    previous = read_previous(file)
    if file.exists() and not is_before_deployment(previous):
        return False
    targets = {**known_targets(previous or {}), **composed.targets}
    document = before_deployment(build(declaration), targets, stack=name, now=datetime.now(UTC))
    document["declaration"] = fingerprint(declaration)
    if previous is not None and document == {**previous, "written_at": document["written_at"]}:
        return False
    write(file, document)
    return True


def _seen_from_outside(hosts: Sequence[str], project: Project, there: Declaration | None) -> Mapping[str, HostSeen]:
    """What `look` recognises, asked as the declaration that is there says."""
    from linkproof.commands.verify import verify_options, verify_options_of
    from linkproof.discover.model import HostSeen
    from linkproof.look.recognise import OTHER_EDGE
    from linkproof.look.run import recognised

    if not hosts:
        return {}
    options = verify_options(project, there) if there is not None else verify_options_of({})
    return {
        one.host: HostSeen(
            one.host,
            sender=one.sender,
            sender_title=one.sender_title,
            region=one.region,
            edge="" if one.edge == OTHER_EDGE else one.edge,
            edge_title=one.edge_title,
            phase="live" if one.phase == "live" else "branded" if one.phase == "branded" else "",
            is_managed=one.phase == "managed",
            target=one.chain[0].removesuffix(".") if one.chain else "",
        )
        for one in recognised(hosts, options)
        if one.status == "found"
    }


def _client(project: Project, name: str, vendor: str, account: str, *, lab: bool) -> Any:
    """Of the stack's config, where there is one; the CLI is asked only where the config has secrets to decrypt."""
    from linkproof.contract.vendor import ACCOUNTS, SECRETS
    from linkproof.credentials import read_credentials
    from linkproof.engine.cli import Engine
    from linkproof.engine.clients import Clients

    config = project.stack_config(name) if project.stack_file(name).exists() else {}
    if config.get(SECRETS):
        return Clients.of(Engine(project, name, lab=lab)).client(vendor, account)
    return Clients(read_credentials(config.get(ACCOUNTS), None, name)).client(vendor, account)


def _report(name: str, composed: Composed, written: list[str], errors: list[str], *, as_json: bool) -> None:
    from linkproof.words import counted

    if as_json:
        print_json(
            {
                "version": 1,
                "written": written,
                "entries": [
                    {"section": one.section, "key": one.key, "comments": one.comments, "left_out": one.open}
                    for one in composed.entries
                ],
                "notes": [note.text for note in composed.notes],
                "errors": errors,
            }
        )
        return
    if written:
        print(f"written: {' and '.join(written)}")
    for section in ("zones", "edges", "links", "tracking_hosts"):
        keys = [entry.key for entry in composed.entries if entry.section == section]
        if keys:
            print(f"  {section}: {', '.join(keys[:8])}{f' and {len(keys) - 8} more' if len(keys) > 8 else ''}")
    if not composed.entries:
        print("nothing to add was seen")
    for note in composed.notes[:20]:
        print(f"not declared: {note.text}")
    if len(composed.notes) > 20:
        print(f"… and {len(composed.notes) - 20} more, in the file's comments")
    if errors:
        print(f"to decide: {counted(len(errors), 'error')} of `linkproof check {name}`")
    then = "" if errors else f"; `linkproof verify {name}` proves what exists"
    print(f"next: read the comments, then `linkproof check {name}`{then}")
