"""`linkproof look`: what stands at any host, and what is wrong with it, without a declaration or a credential."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.options import DnsPort, Hints, Json, Resolvers, TrustFile, WebPort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.declaration.model import Declaration
    from linkproof.look.card import Card
    from linkproof.look.mail import Mail, MailHost
    from linkproof.look.run import Looked


def register(app: typer.Typer) -> None:
    app.command()(look)


def look(
    hosts: Annotated[
        list[str] | None, typer.Argument(help="Hosts or URLs; `-` reads them from standard input.", metavar="[HOST]...")
    ] = None,
    file: Annotated[list[str] | None, typer.Option(help="A file with a host or URL a line; may repeat.")] = None,
    mail: Annotated[
        list[str] | None, typer.Option(help="A saved mail (.eml) or its HTML: all hosts of its links; may repeat.")
    ] = None,
    stack: Annotated[
        str | None,
        typer.Option(
            help="Ask as this stack's `verify:` says (a lab's stack asks the lab); a mail's http:// links on hosts that it declares"
            " `secured` are `app.not-secured`.",
            metavar="STACK",
        ),
    ] = None,
    hints: Hints = None,
    resolver: Resolvers = None,
    dns_port: DnsPort = None,
    http_port: WebPort = None,
    https_port: WebPort = None,
    ca: TrustFile = None,
    save: Annotated[
        Path | None, typer.Option(help="Folder for the raw evidence, which `verify --evidence` judges again.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count.")] = False,
    report: Annotated[
        list[str] | None,
        typer.Option(metavar="FORMAT=FILE", help="Write a report, as `verify` does; the HTML page draws each way."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Look at any host: who sends, which edge, what is wrong, and what only its owner can tell. Exit codes as `verify`."""
    from linkproof.commands.reports import parse_reports
    from linkproof.commands.verify import progress_line, verify_options_of
    from linkproof.look.inputs import InvalidInputError, hosts_of
    from linkproof.look.mail import read_mail
    from linkproof.look.run import look as run

    reports = parse_reports(report or [], as_json=as_json)
    named = [text for text in hosts or [] if text != "-"]
    files = [*(file or []), *(["-"] if "-" in (hosts or []) else [])]
    mails = [read_mail(one) for one in mail or []]
    wanted = list(dict.fromkeys([*hosts_of(named, files), *(host for one in mails for host in one.hosts)]))
    if not wanted:
        raise InvalidInputError("no host was given", "give HOST…, --file FILE, --mail FILE, or `-` for standard input")
    given, declaration = _of_stack(stack) if stack is not None else ({}, None)
    options = verify_options_of(
        given
        | _said(
            hints=hints,
            resolvers=tuple(resolver) if resolver else None,
            dns_port=dns_port,
            http_port=http_port,
            https_port=https_port,
            ca=ca,
            save=save,
            strict=strict,
        )
    )
    looked = run(wanted, options, progress=None if as_json else progress_line())
    if declaration is not None:
        from linkproof.look.secured import with_unsecured

        looked = with_unsecured(looked, _counted(mails), declaration)
    _tell(looked, mails, reports, as_json=as_json)


def _said(**given: Any) -> dict[str, Any]:
    """What was said on the command line."""
    return {name: value for name, value in given.items() if value is not None}


def _of_stack(stack: str) -> tuple[dict[str, Any], Declaration]:
    """Whom to ask, and what is declared."""
    from linkproof.commands.verify import defaults_of
    from linkproof.declaration.load import require
    from linkproof.project import Project

    project = Project.find()
    declaration = require(project.declaration_file(stack))
    return defaults_of(project, declaration), declaration


def _tell(looked: Looked, mails: Sequence[Mail], reports: list[tuple[str, Path]], *, as_json: bool) -> None:
    """Print first, then write files: whatever becomes of them, what was found has been said."""
    from datetime import UTC, datetime

    from linkproof.commands.reports import STANDARD_OUTPUT, write_reports
    from linkproof.commands.standard_streams import clear_progress
    from linkproof.look.card import cards
    from linkproof.look.picture import picture

    found = cards(looked, datetime.now(UTC), _counted(mails))
    drawn = [picture(card) for card in sorted(found, key=lambda card: card.verdict == "healthy")] if reports else []
    clear_progress()
    printed = [one for one in reports if one[1] == STANDARD_OUTPUT]
    if printed:
        write_reports(printed, looked.result, looked.expectations, drawn)
    elif as_json:
        _print_json(looked, mails, found)
    else:
        from rich.console import Console

        from linkproof.look.text import render

        render(found, Console(highlight=False), mails=mails)
    sys.stdout.flush()
    if looked.result.unwritten is not None:
        print(f"error: {looked.result.unwritten}", file=sys.stderr)
        raise typer.Exit(2)
    write_reports([one for one in reports if one not in printed], looked.result, looked.expectations, drawn)
    raise typer.Exit(looked.result.exit_code)


def _counted(mails: Sequence[Mail]) -> dict[str, MailHost]:
    """All mails together."""
    from linkproof.look.mail import MailHost

    whole: dict[str, MailHost] = {}
    for mail in mails:
        for host, counted in mail.hosts.items():
            sum_ = whole.setdefault(host, MailHost())
            sum_.http += counted.http
            sum_.https += counted.https
            sum_.images += counted.images
    return whole


def _print_json(looked: Looked, mails: Sequence[Mail], found: Sequence[Card]) -> None:
    from dataclasses import asdict

    from linkproof.verify.report.document import dumps

    document = {
        "version": 1,
        "hosts": [card.to_json() for card in found],
        "mails": [asdict(mail) for mail in mails],
        "verify": looked.result.to_json(),
    }
    print(dumps(document), end="")
