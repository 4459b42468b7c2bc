"""`linkproof lab`: the small internet on loopback."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from linkproof.commands.lab_part import lab_part
from linkproof.commands.options import Json, Stack, print_json, stack_declaration
from linkproof.errors import LinkproofError
from linkproof.extras import require as require_extra

app = typer.Typer(help="The small internet on loopback behind lab stacks.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def up(
    file: Annotated[Path, typer.Argument(help="The declaration whose zones the lab's customers own.")] = Path(
        "stacks/dev.yaml"
    ),
    net: Annotated[int | None, typer.Option(min=1, max=254, help="Second octet of every address: 127.NET.x.y.")] = None,
    dns_port: Annotated[int | None, typer.Option(min=1, max=65535)] = None,
    http_port: Annotated[int | None, typer.Option(min=1, max=65535)] = None,
    https_port: Annotated[int | None, typer.Option(min=1, max=65535)] = None,
    api_port: Annotated[int | None, typer.Option(min=1, max=65535)] = None,
    as_json: Json = False,
) -> None:
    """Start the lab, or bring a running one up to date with the declaration."""
    require_extra("lab")
    from dataclasses import replace

    from linkproof.declaration.load import require

    declaration = require(file)
    if not declaration.lab:
        raise LinkproofError(
            f"{file} does not live in the lab", "give a declaration that says `lab: true`, for example stacks/dev.yaml"
        )
    given = {"net": net, "dns_port": dns_port, "http_port": http_port, "https_port": https_port, "api_port": api_port}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    settings = replace(_settings(), **chosen)
    lab_part("providers.install").install(settings)
    status = lab_part("commands").up(settings, lab_part("customers").zones(declaration))
    lab_part("customers").settle(settings, declaration)
    _print(status, settings, as_json=as_json)


@app.command()
def publish(
    stack: Stack,
    wait: Annotated[
        int, typer.Option(min=0, max=86400, help="Seconds to wait for values that `pulumi up` has yet to make.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Publish a stack's records in zones with `dns: manual`, as a person would who was handed them. Exit code 3 while one is not known."""
    require_extra("lab")
    import time
    from functools import partial

    from linkproof.engine.state import read_state
    from linkproof.expectations.join import late_value

    engine, declaration = stack_declaration(stack)
    if not declaration.lab:
        raise LinkproofError(
            f"{stack} is no lab stack", f"`linkproof plan {stack}` prints the records for you to publish"
        )
    deadline = time.monotonic() + wait
    told: set[str] = set()
    while True:
        late = partial(late_value, state=read_state(engine.export_if_any() or {}))
        with lab_part("client").LabControl(_settings()) as control:
            done, missing = lab_part("customers").publish(control, declaration, late)
        if not as_json:
            _say_new(told, *(f"published: {record}" for record in done))
            more = f"; waiting {wait} s at most" if wait else f"; run `linkproof lab publish {stack}` again after it"
            _say_new(told, *(f"not known yet: {one.missing}: `pulumi up` makes it{more}" for one in missing))
        if not missing or time.monotonic() >= deadline:
            break
        time.sleep(min(2.0, max(0.0, deadline - time.monotonic())))
    if as_json:
        print_json(
            {"version": 1, "published": [str(one) for one in done], "not_known": [one.missing for one in missing]}
        )
    elif not done and not missing:
        print(f"{stack} has no zone with `dns: manual`")
    raise typer.Exit(3 if missing else 0)


def _say_new(told: set[str], *lines: str) -> None:
    for line in lines:
        if line not in told:
            told.add(line)
            print(line, flush=True)


@app.command()
def down(
    unless_used: Annotated[
        str | None,
        typer.Option(
            "--unless-used", metavar="STACK", help="Leave it running while another stack than this lives in it."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Stop the lab. Its state stays in .linkproof/lab."""
    require_extra("lab")
    others = _other_stacks(unless_used) if unless_used is not None else []
    if others:
        if as_json:
            print_json({"version": 1, "stopped": False, "used_by": others})
        else:
            print(f"lab: goes on, {', '.join(others)} {'lives' if len(others) == 1 else 'live'} in it")
        return
    stopped = lab_part("commands").down(_settings())
    if as_json:
        print_json({"version": 1, "stopped": stopped})
    else:
        print("lab: stopped" if stopped else "lab: was not running")


@app.command()
def status(as_json: Json = False) -> None:
    """Show what runs, where, and how healthy it is. Exit code 3 when the lab is down, or a part of it does not answer."""
    require_extra("lab")
    settings = _settings()
    found = lab_part("commands").status(settings)
    _print(found, settings, as_json=as_json)
    raise typer.Exit(0 if found.healthy else 3)


def _other_stacks(stack: str) -> list[str]:
    """The lab stacks of this project, other than this one, that have resources."""
    from linkproof.declaration.load import load
    from linkproof.engine.cli import Engine
    from linkproof.engine.state import STACK_TYPE, read_state
    from linkproof.project import Project

    project = Project.find()
    found = []
    for file in sorted(project.root.glob("Pulumi.*.yaml")):
        other = file.name.removeprefix("Pulumi.").removesuffix(".yaml")
        if other == stack or not (project.work_dir(other) / "backend").is_dir():
            continue  # a lab stack's state is there
        declaration = load(project.declaration_file(other)).declaration
        engine = Engine(project, other, declaration.lab if declaration else True)
        if not engine.lab or not engine.exists():
            continue
        if any(resource.type != STACK_TYPE for resource in read_state(engine.export()).resources):
            found.append(other)
    return found


def _settings() -> Any:
    from linkproof.project import Project

    return lab_part("settings").LabSettings.load(Project.find().lab_dir)


def _print(status: Any, settings: Any, *, as_json: bool) -> None:
    if as_json:
        print_json({**asdict(status), "state_dir": str(settings.state_dir)})
        return
    if not status.running:
        print(f"lab: not running (state in {settings.state_dir})")
        return
    print(f"lab: running, pid {status.pid}, state in {settings.state_dir}")
    for name, health in status.parts.items():
        print(f"  {name:<9} {health}")
    print(f"  resolver  {settings.resolver}:{settings.dns_port}")
    apis = [
        f"{where} ({what.removesuffix(' API')})" for what, where in status.addresses.items() if what.endswith(" API")
    ]
    print(f"  APIs      {', '.join(apis)}")
