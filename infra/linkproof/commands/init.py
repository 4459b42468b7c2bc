"""`linkproof init`: the two files of a new environment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from linkproof.commands.options import Json, print_json
from linkproof.errors import LinkproofError

# What Pulumi takes as a stack's name, and a file can be called.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")

DECLARATION = """\
# yaml-language-server: $schema=SCHEMA
#
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

CONFIG = """\
# Stack NAME. `pulumi stack init NAME --secrets-provider …` adds how its secrets are encrypted.
config:
  linkproof:declaration: stacks/NAME.yaml
  # What the declaration's account names mean; `default`, where none is named, takes the environment's credentials.
  linkproof:accounts: {}
"""


def stack_files(name: str) -> dict[Path, str]:
    """The text of a new environment's two files, by their path in the project.

    Raises:
        LinkproofError: Pulumi takes no such name for a stack, or no file can have it.
    """
    if not _NAME.fullmatch(name):
        raise LinkproofError(f"{name!r} is no name of a stack", "use letters, digits, hyphen and underscore")
    schema = "../schemas/declaration.schema.json"
    return {
        Path("stacks") / f"{name}.yaml": DECLARATION.replace("SCHEMA", schema).replace("NAME", name),
        Path(f"Pulumi.{name}.yaml"): CONFIG.replace("NAME", name),
    }


def register(app: typer.Typer) -> None:
    app.command()(init)


def init(
    name: Annotated[str, typer.Argument(help="The new environment, for example prod.", metavar="NAME")],
    empty: Annotated[
        bool, typer.Option("--empty", help="Nothing is looked up: both files are for you to fill in.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write stacks/NAME.yaml and Pulumi.NAME.yaml. Never overwrites a file."""
    from linkproof.project import Project

    project = Project.find()
    files = stack_files(name)
    if not empty:
        raise LinkproofError(
            "nothing can be looked up yet", f"run `linkproof init {name} --empty` and fill the files in"
        )
    there = [str(path) for path in files if (project.root / path).exists()]
    if there:
        raise LinkproofError(f"{' and '.join(there)} {'exist' if len(there) > 1 else 'exists'}", "give another name")
    (project.root / "stacks").mkdir(exist_ok=True)
    for path, text in files.items():
        with (project.root / path).open(
            "x", encoding="utf-8"
        ) as stream:  # x: a file that came up meanwhile is not overwritten either
            stream.write(text)
    written = [str(path) for path in files]
    if as_json:
        print_json({"version": 1, "written": written})
        return
    print(f"written: {' and '.join(written)}")
    print(f"next: fill in {written[0]}, then run `linkproof check {name}`")
