"""`linkproof karte check-page`: whether a page's tag talks to the tracking host alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.karte.options import host_name
from linkproof.commands.options import Json, TrustFile, print_json
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.names import HostName


def register(app: typer.Typer) -> None:
    app.command("check-page")(check_page)


def check_page(
    page: Annotated[str, typer.Argument(help="A URL, or the file of a page.", metavar="URL|FILE")],
    host: Annotated[str | None, typer.Option(help="The tracking host.")] = None,
    stack: Annotated[str | None, typer.Option("--stack", "-s", help="The stack that declares it.")] = None,
    ca: TrustFile = None,
    as_json: Json = False,
) -> None:
    """Check that a page's tag talks to the tracking host in all four URLs and to nothing else. The page is read, never run.

    Exit code 1 when it does not, 3 when only running it would tell.
    """
    from linkproof.commands.standard_streams import printable
    from linkproof.karte.fetch import read_page
    from linkproof.karte.page import check_page as judge

    name = _host(host, stack)
    findings = judge(read_page(page, ca), name)
    code = 1 if any(one.kind == "differs" for one in findings) else 3 if findings else 0
    if as_json:
        print_json({"version": 1, "host": name.text, "findings": [one.to_json() for one in findings], "exit": code})
    else:
        for one in findings:
            print(printable(f"{one.kind:<8} {one.message} [{one.id}]\n         fix: {one.fix}"))
        said = {
            0: "talks to it in all four, and to nothing else",
            1: "does not",
            3: "cannot be told without running it",
        }
        print(f"the tag for {name}: {said[code]}")
    raise typer.Exit(code)


def _host(host: str | None, stack: str | None) -> HostName:
    if (host is None) == (stack is None):
        raise typer.BadParameter("give --host or --stack, one of the two")
    if host is not None:
        return host_name(host)
    from linkproof.declaration.load import require
    from linkproof.project import Project

    declaration = require(Project.find().declaration_file(str(stack)))
    hosts = [one.host for one in declaration.tracking_hosts.values() if one.provider == "karte"]
    if len(hosts) != 1:
        found = ", ".join(map(str, hosts)) or "none"
        raise LinkproofError(f"stack {stack} declares {len(hosts)} KARTE hosts: {found}", "name one with --host")
    return hosts[0]
