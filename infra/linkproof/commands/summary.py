"""`linkproof summary`: what exists, the last verdict, and what to try next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from linkproof import registry
from linkproof.commands.lab_part import lab_part
from linkproof.commands.options import Json, Stack, needed_extras, print_json
from linkproof.errors import LinkproofError
from linkproof.words import counted

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.declaration.model import Declaration
    from linkproof.plan.model import Plan, PlannedLink
    from linkproof.project import Project


def register(app: typer.Typer) -> None:
    app.command()(summary)


def summary(stack: Stack, as_json: Json = False) -> None:
    """Print the links with their phase and URLs, the last verdict, and for a lab what to try next."""
    from linkproof.declaration.load import require
    from linkproof.extras import lacking
    from linkproof.plan.build import build
    from linkproof.project import Project

    project = Project.find()
    declaration = require(project.declaration_file(stack))
    plan = build(declaration)
    bound = _bound(project, stack)
    if as_json:
        print_json(
            {
                "version": 1,
                "links": [_plain(link, bound) for link in plan.links],
                "verdict": last_report(project, stack).get("verdict"),
            }
        )
        return
    print()
    for line in (*_exists(plan, bound), *_verdict(project, stack)):
        print(line)
    if declaration.lab and lacking(*needed_extras(declaration)) is None:
        for line in _next(project, stack, declaration, plan):
            print(line)


def _at(link: PlannedLink, bound: dict[str, str]) -> str:
    value = bound.get(f"{link.key}/click", str(link.click_points_at))
    if not link.is_proxied or link.edge_provider is None:
        return value
    return f"{registry.edge(link.edge_provider).facts.NAME}'s own addresses, proxied to {value}"


def _bound(project: Project, stack: str) -> dict[str, str]:
    """What each record's value turned out to be, by the record's id."""
    document = _read(project.expectations_file(stack), f"linkproof expectations {stack}")
    if not document:
        return {}
    return {record["id"]: ", ".join(record["values"]) for record in document["records"]}


def _exists(plan: Plan, bound: dict[str, str]) -> Iterator[str]:
    yield "What exists" if bound else "What is declared, and was never deployed"
    for link in plan.links:
        scheme = "https" if link.phase == "secured" else "http"
        edge = link.edge_provider or link.edge or "no edge"
        yield f"  {link.key:<14} {link.phase:<8} {edge:<10} {scheme}://{link.click_host} → {_at(link, bound)}"
    for host in plan.hosts:
        yield f"  {host.key:<14} {host.state:<8} {host.provider:<10} https://{host.host} → {host.points_at}"


def _plain(link: PlannedLink, bound: dict[str, str]) -> dict[str, Any]:
    points_at = bound.get(f"{link.key}/click")
    return {
        "link": link.key,
        "phase": link.phase,
        "edge": link.edge,
        "click_host": link.click_host,
        "points_at": points_at,
    }


def last_report(project: Project, stack: str) -> dict[str, Any]:
    """The last report of `verify`; empty when there is none."""
    return _read(project.work_dir(stack) / "verify.json", f"linkproof verify {stack}")


def last_report_at(project: Project, stack: str) -> tuple[dict[str, Any], datetime | None]:
    """The last report of `verify`, and when it was written."""
    from datetime import UTC, datetime

    file = project.work_dir(stack) / "verify.json"
    document = last_report(project, stack)
    return document, datetime.fromtimestamp(file.stat().st_mtime, UTC) if document else None


def _read(file: Path, writer: str) -> dict[str, Any]:
    """A file that a command of ours wrote; empty when it never did.

    Raises:
        LinkproofError: it is something else now.
    """
    try:
        document: dict[str, Any] = json.loads(file.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise LinkproofError(f"{file}: cannot be read: {error}", f"remove it and run `{writer}`") from error
    return document


def _verdict(project: Project, stack: str) -> Iterator[str]:
    document = last_report(project, stack)
    if not document:
        yield f"Verdict: none yet; run `linkproof verify {stack}`"
        return
    file = project.work_dir(stack) / "verify.json"
    coverage, left = document["coverage"], document.get("not_asked")
    if left:
        yield f"The last verification asked a part (--since): {left['count']:,} of {left['of']:,} expectations were not asked"
    yield f"Verdict: {document['verdict']} ({coverage['checked']:,} of {counted(coverage['cells'], 'cell')} checked); report in {project.shown(file)}"


def _next(project: Project, stack: str, declaration: Declaration, plan: Plan) -> Iterator[str]:
    """What there is to try in the lab, which knows its services."""
    from linkproof.engine.cli import Engine
    from linkproof.engine.state import read_state

    yield "Try next"
    state = read_state(Engine(project, stack, declaration.lab).export())
    for what, commands in lab_part("try_next").hints(project, plan, state):
        yield f"  {what}:"
        yield from (f"    {command}" for command in commands)
        if what.startswith("make a drift"):
            yield f"    make drift STACK={stack}; .venv/bin/linkproof deploy {stack} --refresh"
    yield f"  end it all: make down STACK={stack}"
