"""`linkproof ses events`: what a link's configuration sets have published in the last hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.options import Json, link_of, print_json, stack_declaration
from linkproof.commands.ses.options import LinkKey, OfStack

if TYPE_CHECKING:
    from linkproof.senders.ses.readings import Reading


def register(app: typer.Typer) -> None:
    app.command("events")(events)


def events(
    link: LinkKey,
    stack: OfStack,
    hours: Annotated[int, typer.Option(min=1, max=24, help="How far back.")] = 1,
    as_json: Json = False,
) -> None:
    """Print how many events of LINK's mails reached CloudWatch in the last hour; the other destinations are named."""
    from linkproof import registry
    from linkproof.engine.clients import Clients
    from linkproof.senders.ses.facts import VENDOR
    from linkproof.senders.ses.mail import needs_of
    from linkproof.senders.ses.readings import readings

    engine, declaration = stack_declaration(stack)
    declared = link_of(declaration, link)
    names = [one.name for one in needs_of(declared)]
    sets: dict[str, Any] = declared.sender.options.manage.configuration_sets
    until = datetime.now(UTC)
    since = (until - timedelta(hours=hours)).replace(second=0, microsecond=0)
    clients = Clients.of(engine)
    found: list[tuple[str, str, list[Reading]]] = []
    unread: list[tuple[str, str, str]] = []
    for name in names:
        for key, form in (sets[name].events or {}).items():
            if form.to != "cloudwatch":
                unread.append((name, key, form.to))
                continue
            dimensions = [one.name for one in form.dimensions]
            with registry.vendor(VENDOR).client.asking("metrics", declared.sender.account):
                client = clients.client(VENDOR, declared.sender.account)
                got = list(readings(client, declared.sender.region, form.types, dimensions, since, until))
            found.append((name, key, got))
    if as_json:
        print_json({"version": 1, "link": link, "since": _moment(since), "until": _moment(until), "read": [
            {"configuration_set": name, "destination": key, "events": [
                {"type": one.event, "dimensions": dict(one.dimensions), "count": one.count} for one in got
            ]} for name, key, got in found
        ], "not_read": [{"configuration_set": name, "destination": key, "to": to} for name, key, to in unread]})  # fmt: skip
        return
    print(f"{link}: events from {_moment(since)} to {_moment(until)}")
    for name, key, got in found:
        print(f"  {name} → {key} (CloudWatch)")
        for one in got:
            print(f"    {one.event:17} {one.count:6}  {', '.join(f'{a}={b}' for a, b in one.dimensions)}")
        if not got:
            print("    none; CloudWatch lists a new combination of values up to 15 minutes after its first event")
    for name, key, to in unread:
        print(f"  {name} → {key} ({to}): read it where it leads; this command reads CloudWatch alone")


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
