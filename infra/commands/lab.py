"""`linkproof lab`: the small internet on loopback."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.options import Json, print_json
from infra.errors import LinkproofError

if TYPE_CHECKING:
    from infra.lab.settings import LabSettings

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
    from dataclasses import replace

    from infra.declaration.load import require
    from infra.lab import commands
    from infra.lab.customers import settle, zones
    from infra.lab.providers.install import install

    declaration = require(file)
    if not declaration.lab:
        raise LinkproofError(
            f"{file} does not live in the lab", "give a declaration that says `lab: true`, for example stacks/dev.yaml"
        )
    given = {"net": net, "dns_port": dns_port, "http_port": http_port, "https_port": https_port, "api_port": api_port}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    settings = replace(_settings(), **chosen)
    install(settings)
    status = commands.up(settings, zones(declaration))
    settle(settings, declaration)
    _print(status, settings, as_json=as_json)


@app.command()
def down(as_json: Json = False) -> None:
    """Stop the lab. Its state stays in .linkproof/lab."""
    from infra.lab import commands

    stopped = commands.down(_settings())
    if as_json:
        print_json({"version": 1, "stopped": stopped})
    else:
        print("lab: stopped" if stopped else "lab: was not running")


@app.command()
def status(as_json: Json = False) -> None:
    """Show what runs, where, and how healthy it is. Exit code 3 when the lab is down, or a part of it does not answer."""
    from infra.lab import commands

    settings = _settings()
    found = commands.status(settings)
    _print(found, settings, as_json=as_json)
    raise typer.Exit(0 if found.healthy else 3)


def _settings() -> LabSettings:
    from infra.lab.settings import LabSettings
    from infra.project import Project

    return LabSettings.load(Project.find().lab_dir)


def _print(status: Any, settings: LabSettings, *, as_json: bool) -> None:
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
    print(
        f"  APIs      {settings.aws_api} (AWS), {settings.cloudflare_api} (Cloudflare), {settings.control_api} (control)"
    )
