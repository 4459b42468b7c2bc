"""`linkproof doctor`: whether this machine and this project can do the job, and what to do when not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import typer

from linkproof.commands.lab_part import lab_part
from linkproof.commands.options import Json, print_json


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing looked at.

    Args:
        healthy: nothing needs to be done.
        is_lacking: something is not there that only some need.
    """

    what: str
    healthy: bool
    found: str
    fix: str = ""
    is_lacking: bool = False


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(as_json: Json = False) -> None:
    """Look at Python, the Pulumi CLI, the stacks, the lab and this machine's routes. Exit code 3 when something is amiss."""
    symptoms = list(_look())
    if as_json:
        print_json([asdict(symptom) for symptom in symptoms])
    else:
        for symptom in symptoms:
            print(f"{_word(symptom)} {symptom.what}: {symptom.found}")
            if not symptom.healthy and symptom.fix:
                print(f"      fix: {symptom.fix}")
    raise typer.Exit(0 if all(symptom.healthy for symptom in symptoms) else 3)


def _word(symptom: Symptom) -> str:
    if not symptom.healthy:
        return "AMISS"
    return "note " if symptom.is_lacking else "ok   "


def _look() -> Iterator[Symptom]:
    from linkproof.project import Project

    version = ".".join(map(str, sys.version_info[:3]))
    yield Symptom("Python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer")
    project = Project.find()
    yield _cli(project)
    for file in sorted(project.root.glob("Pulumi.*.yaml")):
        yield from _stack(project, file.name.split(".")[1])
    yield _lab(project)
    yield _ipv6()


def _cli(project: object) -> Symptom:
    import os

    from linkproof.engine.environment import GET_CLI, OLDEST_CLI, cli_folder, cli_version
    from linkproof.errors import LinkproofError
    from linkproof.project import Project

    assert isinstance(project, Project)
    try:
        folder = cli_folder(project)
    except LinkproofError as error:
        return Symptom("Pulumi CLI", False, error.problem, error.fix)
    version = cli_version(
        {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}", "PULUMI_SKIP_UPDATE_CHECK": "true"}
    )
    return Symptom("Pulumi CLI", version >= OLDEST_CLI, f"{'.'.join(map(str, version))} in {folder}", GET_CLI)


def _stack(project: object, stack: str) -> Iterator[Symptom]:
    from linkproof.commands.options import load_stack, needed_extras
    from linkproof.extras import lacking
    from linkproof.project import Project
    from linkproof.words import counted

    assert isinstance(project, Project)
    shown = project.shown(project.declaration_file(stack))
    loaded = load_stack(stack)
    errors = len(loaded.errors)
    found = f"{shown}, {counted(errors, 'error')}" if errors else shown
    # what is wrong in the file is shown by its name; what its config lacks only by the stack's
    what = shown if loaded.declaration is None else stack
    yield Symptom(f"stack {stack}", not errors, found, f"run `linkproof check {what}`")
    absent = lacking(*needed_extras(loaded.declaration)) if loaded.declaration is not None else None
    if absent is not None:
        yield Symptom(f"deploying {stack}", False, absent.problem, absent.fix)


def _lab(project: object) -> Symptom:
    from linkproof.extras import lacking

    absent = lacking("lab")
    if absent is not None:
        return Symptom("lab", True, f"not installed (only lab stacks need it): {absent.fix}", is_lacking=True)
    from linkproof.project import Project

    assert isinstance(project, Project)
    found = lab_part("commands").status(lab_part("settings").LabSettings.load(project.lab_dir))
    if found.running:
        said = f"running, pid {found.pid}"
        sick = f"{said}, and a part of it does not answer"
        return Symptom(
            "lab", found.healthy, said if found.healthy else sick, "run `linkproof lab down`, then `linkproof lab up`"
        )
    return Symptom("lab", True, "not running (only lab stacks need it)", is_lacking=True)


def _ipv6() -> Symptom:
    """A missing route is no fault: IPv6 cells are then listed as optional or could not be checked."""
    import socket

    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect(("2001:db8::1", 9))
    except OSError:
        return Symptom("IPv6", True, "no route from here: what is declared for IPv6 cannot be checked", is_lacking=True)
    return Symptom("IPv6", True, "a route exists")
