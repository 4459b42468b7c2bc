"""`linkproof verify`: what DNS, TLS and HTTP answer, against what was declared."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.commands.options import Json, print_json

if TYPE_CHECKING:
    from infra.declaration.model import Declaration
    from infra.project import Project
    from infra.verify.options import VerifyOptions


def register(app: typer.Typer) -> None:
    app.command()(verify)


def verify(
    stack: Annotated[str | None, typer.Argument(help="A stack of this project.", metavar="STACK")] = None,
    expectations: Annotated[Path | None, typer.Option(help="An expectations.json, in place of a stack.")] = None,
    hints: Annotated[Path | None, typer.Option(help="A root hints file in zone-file form.")] = None,
    resolver: Annotated[list[str] | None, typer.Option(help="ADDR[:PORT], tls://… or https://…; may repeat.")] = None,
    dns_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the authoritative servers.")] = None,
    http_port: Annotated[int | None, typer.Option(min=1, max=65535)] = None,
    https_port: Annotated[int | None, typer.Option(min=1, max=65535)] = None,
    ca: Annotated[Path | None, typer.Option(help="Further trust anchors, PEM.")] = None,
    save: Annotated[Path | None, typer.Option(help="Folder for the raw evidence.")] = None,
    wait: Annotated[str, typer.Option(help="Go on polling what is not yet right, for example 10m.")] = "0s",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count.")] = False,
    as_json: Json = False,
) -> None:
    """Prove from outside that everything is as declared. 0 proven, 1 differs, 3 not proven, 4 lagging."""
    from infra.expectations.model import load
    from infra.verify.run import verify as run

    if (stack is None) == (expectations is None):
        raise typer.BadParameter("name a STACK or an --expectations FILE, one of the two")
    given = {
        "hints": hints,
        "resolvers": tuple(resolver) if resolver else None,
        "dns_port": dns_port,
        "http_port": http_port,
        "https_port": https_port,
        "ca": ca,
        "save": save,
        "strict": strict,
        "wait_seconds": _seconds(wait),
    }
    places: dict[str, str] = {}
    work_dir: Path | None = None
    if stack is not None:
        from infra.declaration.load import load as load_declaration
        from infra.project import Project

        project = Project.find()
        expectations = project.expectations_file(stack)
        work_dir = project.work_dir(stack)
        declaration = load_declaration(project.declaration_file(stack)).declaration
        if declaration is not None:
            given = {
                **_defaults(project, declaration),
                **{name: value for name, value in given.items() if value is not None},
            }
            places = {path: str(place) for path, place in declaration.places.items()}
    assert expectations is not None
    options = _options(given)
    result = run(load(expectations), options, places=places, progress=None if as_json else _progress())
    if work_dir is not None:
        work_dir.mkdir(parents=True, exist_ok=True)
        (work_dir / "verify.json").write_text(json.dumps(result.to_json(), indent=1, ensure_ascii=False) + "\n")
    if as_json:
        print_json(result.to_json())
    else:
        from rich.console import Console

        from infra.verify.report.text import render

        render(result, Console(soft_wrap=True, highlight=False))
    raise typer.Exit(result.exit_code)


def _defaults(project: Project, declaration: Declaration) -> dict[str, Any]:
    """What the declaration's `verify:` says; in the lab, what the lab says."""
    said = declaration.verify
    defaults: dict[str, Any] = {}
    if declaration.lab:
        from infra.lab.settings import LabSettings

        lab = LabSettings.load(project.lab_dir)
        defaults = {
            "hints": lab.hints_file,
            "resolvers": (f"{lab.resolver}:{lab.dns_port}",),
            "dns_port": lab.dns_port,
            "http_port": lab.http_port,
            "https_port": lab.https_port,
            "ca": lab.ca_file,
        }
    declared = {
        "hints": project.root / said.hints if said.hints else None,
        "resolvers": said.resolvers or None,
        "dns_port": said.dns_port,
        "http_port": said.http_port,
        "https_port": said.https_port,
        "ca": project.root / said.ca if said.ca else None,
    }
    return defaults | {name: value for name, value in declared.items() if value is not None}


def _options(given: dict[str, Any]) -> VerifyOptions:
    from infra.verify.options import ResolverAddress, VerifyOptions

    values = {name: value for name, value in given.items() if value is not None}
    values["resolvers"] = tuple(ResolverAddress.parse(text) for text in values.get("resolvers", ()))
    return VerifyOptions(**values)


def _seconds(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(s|m|h)?", text.strip())
    if match is None:
        raise typer.BadParameter(f"--wait {text!r} is not a duration: write 90s, 10m or 1h")
    return float(match[1]) * {"s": 1, "m": 60, "h": 3600}[match[2] or "s"]


def _progress() -> Any:
    """Progress goes to standard error, and only where a person is looking."""
    import sys

    if not sys.stderr.isatty():
        return None
    return lambda message: print(f"\r\x1b[K{message}", end="", file=sys.stderr, flush=True)
