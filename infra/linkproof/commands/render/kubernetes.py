"""`linkproof render kubernetes`: the manifest of an Indexed Job that proves a stack in shards."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from linkproof.commands.options import Json, Stack, print_json
from linkproof.errors import LinkproofError

# A uid as the cluster's API gives it; it becomes part of a command of a shell.
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def register(app: typer.Typer) -> None:
    app.command()(kubernetes)


def kubernetes(
    stack: Stack,
    shards: Annotated[int, typer.Option(min=1, max=10_000, help="How many pods, each a share of the zones.")],
    image: Annotated[str, typer.Option(help="A container image with `linkproof` on its PATH.")],
    schedule: Annotated[str, typer.Option(metavar="CRON", help="A CronJob, in place of a Job that runs once.")] = "",
    vantage: Annotated[str, typer.Option(help="The name of the place that this cluster is.")] = "",
    claim: Annotated[
        str, typer.Option(help="A PersistentVolumeClaim (ReadWriteMany) that exists; default: one is rendered.")
    ] = "",
    expectations_at: Annotated[
        str,
        typer.Option(metavar="PATH", help="Where expectations.json is in the claim's volume, in place of a ConfigMap."),
    ] = "",
    merge: Annotated[
        str,
        typer.Option(
            metavar="UID", help="The Job that merges what the run of this uid has written, in place of a run."
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Print the manifest of an Indexed Job (or CronJob) that proves a stack in shards; for `kubectl apply -f -`."""
    from linkproof.shards.kubernetes.manifest import merging, objects
    from linkproof.shards.kubernetes.run import CannotRenderError, KubernetesRun
    from linkproof.shards.kubernetes.text import merging_text, text

    files, arguments, is_private = _of_stack(stack, with_expectations=not expectations_at and not merge)
    run = KubernetesRun(
        stack=stack,
        shards=shards,
        image=image,
        files={} if merge else files,
        arguments=arguments,
        claim=claim,
        makes_claim=not claim,
        vantage=vantage,
        schedule=schedule,
        expectations_at=expectations_at,
        is_private=is_private,
    )
    if merge and not _UID.fullmatch(merge):
        raise CannotRenderError(
            f"--merge {merge!r} is no uid", "take that of the Job: kubectl get job NAME -o jsonpath='{.metadata.uid}'"
        )
    if as_json:
        print_json({"version": 1, "objects": [merging(run, merge)] if merge else objects(run)})
    else:
        print(merging_text(run, merge) if merge else text(run), end="")


def _of_stack(stack: str, *, with_expectations: bool) -> tuple[dict[str, str], tuple[str, ...], bool]:
    """The files of every pod, the arguments that name them, and whether a file names a recipient."""
    from linkproof.commands.verify import defaults_of
    from linkproof.declaration.load import require
    from linkproof.expectations.model import load, require_known_edges
    from linkproof.project import Project
    from linkproof.shards.kubernetes.manifest import FILES
    from linkproof.shards.kubernetes.run import CannotRenderError

    project = Project.find()
    declaration = require(project.declaration_file(stack))
    if declaration.lab:
        raise CannotRenderError(
            f"{stack} is a stack of the lab, which lives on the loopback of one machine",
            "name a stack of the real internet",
        )
    files, arguments, is_private = {}, [], False
    for name, value in defaults_of(project, declaration).items():
        option = {"resolvers": "resolver"}.get(name, name).replace("_", "-")
        if isinstance(value, Path):
            # `expectations.json` is taken, and a name of the user's may be none that a ConfigMap has
            files[f"{option}.txt"] = _read(value, option)
            arguments.append(f"--{option}={FILES}/{option}.txt")
        else:
            arguments += [f"--{option}={one}" for one in _each(value)]
    if with_expectations:
        file = project.expectations_file(stack)
        wanted = load(file, stack)
        require_known_edges(wanted, str(file))
        is_private = any(endpoint.canaries for endpoint in wanted.endpoints)
        # as short as it can be, for the room is bounded
        files["expectations.json"] = json.dumps(json.loads(file.read_text()), ensure_ascii=False, separators=(",", ":"))
    return files, tuple(arguments), is_private


def _each(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _read(file: Path, option: str) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise LinkproofError(f"verify.{option}: {file}: {error}", "correct the declaration") from error
