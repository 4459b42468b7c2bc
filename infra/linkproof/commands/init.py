"""`linkproof init`: a declaration of what exists, or the two empty files of a new environment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, print_json
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.discover.entries import Composed
    from linkproof.discover.model import Seen
    from linkproof.project import Project

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
  # karte: {provider: karte, host: t.example.com}
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
        typer.Option("--zone-file", help="A zone file; the name where the file lacks $ORIGIN.", metavar="[NAME=]FILE"),
    ] = None,
    zone: Annotated[
        list[str] | None,
        typer.Option("--zone", help="A zone of the hosts. From APIs and Terraform, these alone.", metavar="NAME"),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Records alone decide: no host is looked at.")] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="Nothing is looked up: both files are for you to fill in.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write stacks/STACK.yaml from what exists, or add to it what it lacks; what cannot be told is left out and said.

    Every source may be given several times, and all of them together. Nothing is written where one of them fails. What the
    file has stays as it is.
    """
    from linkproof.project import Project

    project = Project.find()
    sources = [*(hosts or []), *(zone_file or [])]
    if empty and sources:
        raise LinkproofError("--empty looks nothing up, and sources are given", "leave one of them out")
    files = stack_files(name)
    if empty:
        _empty(project, name, files, as_json=as_json)
        return
    if not sources:
        raise LinkproofError(
            "nothing is given to look at",
            f"name hosts or a source (`linkproof init --help` lists them), or run `linkproof init {name} --empty`",
        )
    del offline
    seen = _seen(hosts or [], zone_file or [])
    _from(project, name, seen, zone or [], as_json=as_json)


def _empty(project: Project, name: str, files: dict[Path, str], *, as_json: bool) -> None:
    there = [str(path) for path in files if (project.root / path).exists()]
    if there:
        raise LinkproofError(f"{' and '.join(there)} {'exist' if len(there) > 1 else 'exists'}", "give another name")
    for path, text in files.items():
        _create(project.root / path, text)
    written = [str(path) for path in files]
    if as_json:
        print_json({"version": 1, "written": written})
        return
    print(f"written: {' and '.join(written)}")
    print(f"next: fill in {written[0]}, then run `linkproof check {name}`")


def _create(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    with file.open("x", encoding="utf-8", newline="") as stream:
        # x: a file that came up meanwhile is not overwritten either
        stream.write(text)


def _seen(hosts: list[str], zone_files: list[str]) -> Seen:
    """What all sources say.

    Raises:
        LinkproofError: one of them fails.
    """
    from linkproof.discover.model import Seen
    from linkproof.discover.zone_file import read_zone_file
    from linkproof.names import HostName

    zones = [read_zone_file(file, named) for named, file in map(_named, zone_files)]
    return Seen(tuple(zones), (), tuple(dict.fromkeys(HostName.parse(host).text for host in hosts)))


def _named(text: str) -> tuple[str, Path]:
    """`NAME=FILE`, or a file alone."""
    before, sign, after = text.partition("=")
    return (before, Path(after)) if sign and not Path(text).exists() else ("", Path(text))


def _from(project: Project, name: str, seen: Seen, zones: list[str], *, as_json: bool) -> None:
    from linkproof.declaration.load import load_text
    from linkproof.declaration.nodes import read
    from linkproof.declaration.source import read_file
    from linkproof.declaration.text import decode
    from linkproof.discover.compose import compose
    from linkproof.discover.document import added
    from linkproof.discover.existing import existing_of
    from linkproof.discover.model import sees_nothing
    from linkproof.discover.read import zone_name

    (path, text), (config, config_text) = stack_files(name, FOUND).items()
    if (project.root / config).exists():
        path = project.declaration_file(name)
    file, mark = project.root / path, ""
    there = file.exists()
    if there:
        data = read_file(file)
        text, refused = decode(data, str(path))
        if refused is not None:
            raise LinkproofError(str(refused))
        mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    tree = read(text, str(path))
    syntax = [problem for problem in tree.problems if problem.rule.startswith("yaml.")]
    if syntax:
        raise LinkproofError(str(syntax[0]), f"nothing was added; `linkproof check {path}` shows all")
    looked = sees_nothing(seen.hosts)
    composed = compose(seen, looked, existing_of(tree.value), [zone_name(one, "--zone") for one in zones])
    changed = added(text, composed, str(path))
    if there:
        if changed != text:
            _replace(file, mark + changed)
    else:
        _create(file, changed)
    written = [str(path)] if not there or changed != text else []
    if not (project.root / config).exists():
        _create(project.root / config, config_text)
        written.append(str(config))
    problems = load_text(changed, str(path)).problems
    _report(name, composed, written, [str(problem) for problem in problems if problem.is_error], as_json=as_json)


def _replace(file: Path, text: str) -> None:
    """In one step: a reader sees the old file or the new one."""
    import os
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        Path(temporary).chmod(file.stat().st_mode & 0o7777)
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


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
    print(f"next: read the comments, then `linkproof check {name}`")
