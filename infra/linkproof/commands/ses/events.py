"""`linkproof ses events`: what a link's configuration sets have published in the last hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.options import Json, link_of, print_json, stack_declaration
from linkproof.commands.ses.options import LinkKey, OfStack

if TYPE_CHECKING:
    from linkproof.senders.ses.archive import Archived
    from linkproof.senders.ses.readings import Reading


def register(app: typer.Typer) -> None:
    app.command("events")(events)


def events(
    link: LinkKey,
    stack: OfStack,
    hours: Annotated[int, typer.Option(min=1, max=24, help="How far back.")] = 1,
    as_json: Json = False,
) -> None:
    """Print how many events of LINK's mails reached CloudWatch, and the bucket of a stream, in the last hour; the other destinations are named."""
    from linkproof import registry
    from linkproof.engine.clients import Clients
    from linkproof.senders.ses.archive import NotReadable, archived
    from linkproof.senders.ses.facts import VENDOR
    from linkproof.senders.ses.mail import needs_of
    from linkproof.senders.ses.readings import readings

    engine, declaration = stack_declaration(stack)
    declared = link_of(declaration, link)
    names = [one.name for one in needs_of(declared)]
    sets: dict[str, Any] = declared.sender.options.manage.configuration_sets
    region = declared.sender.region
    until = datetime.now(UTC)
    since = (until - timedelta(hours=hours)).replace(second=0, microsecond=0)
    clients = Clients.of(engine)
    found: list[_Read] = []
    unread: list[tuple[str, str, str, str]] = []
    for name, key, form in [(one, key, form) for one in names for key, form in (sets[one].events or {}).items()]:
        if form.to not in ("cloudwatch", "firehose"):
            unread.append((name, key, form.to, "read it where it leads"))
            continue
        with registry.vendor(VENDOR).client.asking("events", declared.sender.account):
            client = clients.client(VENDOR, declared.sender.account)
            if form.to == "cloudwatch":
                dimensions = [one.name for one in form.dimensions]
                got = list(readings(client, region, form.types, dimensions, since, until))
                found.append(_Read(name, key, "CloudWatch", got))
                continue
            archive = archived(client, region, form.stream, name, since, until)
        if isinstance(archive, NotReadable):
            unread.append((name, key, form.to, archive.reason))
        else:
            found.append(_Read(name, key, f"Firehose, bucket {archive.bucket}", list(archive.events), archive))
    if as_json:
        print_json({"version": 1, "link": link, "since": _moment(since), "until": _moment(until), "read": [
            one.to_json() for one in found
        ], "not_read": [
            {"configuration_set": name, "destination": key, "to": to, "reason": reason} for name, key, to, reason in unread
        ]})  # fmt: skip
        return
    print(f"{link}: events from {_moment(since)} to {_moment(until)}")
    for one in found:
        one.show()
    for name, key, to, reason in unread:
        print(f"  {name} → {key} ({to}): not read: {reason}")


@dataclass(frozen=True, slots=True)
class _Read:
    """One destination that could be read."""

    configuration_set: str
    destination: str
    where: str
    events: list[Reading]
    archive: Archived | None = None

    def to_json(self) -> dict[str, Any]:
        counted = [{"type": one.event, "dimensions": dict(one.dimensions), "count": one.count} for one in self.events]
        shown = {"configuration_set": self.configuration_set, "destination": self.destination, "events": counted}
        of = self.archive
        return shown if of is None else {
            **shown, "bucket": of.bucket, "files": of.files, "files_left_out": of.left_out, "lines_not_read": of.unread_lines,
        }  # fmt: skip

    def show(self) -> None:
        print(f"  {self.configuration_set} → {self.destination} ({self.where})")
        for one in self.events:
            print(f"    {one.event:17} {one.count:6}  {', '.join(f'{a}={b}' for a, b in one.dimensions)}".rstrip())
        if self.archive is not None:
            of = self.archive
            more = f", {of.left_out} more left out or cut short" if of.left_out else ""
            wrong = f", {of.unread_lines} lines in them are no event" if of.unread_lines else ""
            print(f"    from {of.files} files{more}{wrong}; a file is written a minute or more after its first event")
        elif not self.events:
            print("    none; CloudWatch lists a new combination of values up to 15 minutes after its first event")


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
