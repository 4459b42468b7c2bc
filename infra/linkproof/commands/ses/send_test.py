"""`linkproof ses send-test`: what a mail needs, and one such mail."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, link_of, print_json, stack_declaration
from linkproof.commands.ses.options import LinkKey, OfStack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkproof.senders.ses.mail import MailNeeds

# Names and values of message tags (API reference, MessageTag).
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")


def register(app: typer.Typer) -> None:
    app.command("send-test")(send_test)


def send_test(
    link: LinkKey,
    stack: OfStack,
    tag: Annotated[list[str] | None, typer.Option(help="A message tag, NAME=VALUE; may repeat.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Send one mail for each configuration set.")] = False,
    sender: Annotated[str | None, typer.Option("--from", help="With --send: an address of a verified domain.")] = None,
    receiver: Annotated[str, typer.Option("--to", help="With --send.")] = "success@simulator.amazonses.com",
    page: Annotated[str, typer.Option(help="With --send: where the mail's link leads.")] = "https://example.com/",
    as_json: Json = False,
) -> None:
    """Print what a mail needs so that its links are LINK's and its events are told apart. Follows no link."""
    from linkproof.declaration.load import require
    from linkproof.project import Project
    from linkproof.senders.ses.mail import needs_of

    tags = _tags(tag or [])
    if send and sender is None:
        raise typer.BadParameter("--send needs --from: an address of a domain that SES has verified")
    found = needs_of(link_of(require(Project.find().declaration_file(stack)), link))
    sent = _send(stack, found, tags, str(sender), receiver, page) if send else {}
    if as_json:
        print_json({"version": 1, "link": link, "configuration_sets": [
            {"name": one.name, "region": one.region, "host": one.host, "https": one.is_https,
             "headers": one.smtp_headers(tags), "parameters": one.parameters(tags), "link_tags": dict(one.link_tags),
             "message_id": sent.get(one.name)}
            for one in found
        ]})  # fmt: skip
        return
    for one in found:
        _show(one, tags)
        if one.name in sent:
            print(f"sent to {receiver}: {sent[one.name]}; nothing in it was followed")


def _tags(given: Sequence[str]) -> dict[str, str]:
    parts = [text.partition("=") for text in given]
    for name, _, value in parts:
        if not _TAG.fullmatch(name) or not _TAG.fullmatch(value):
            raise typer.BadParameter(
                f"--tag {name}={value}: a name and a value are 1 to 256 letters, digits, - and _; anything else is refused"
            )
    return {name: value for name, _, value in parts}


def _show(one: MailNeeds, tags: Mapping[str, str]) -> None:
    clicks = f"{'https' if one.is_https else 'as they are'}, with the host {one.host}"
    print(f"configuration set {one.name} ({one.region})")
    print(f"  links: {clicks if one.counts_clicks else 'left as they are: no destination wants clicks'}")
    if not one.counts_opens:
        print("  opens: not counted: no destination wants them")
    print("  by SMTP, headers of the mail:")
    for name, value in one.smtp_headers(tags).items():
        print(f"    {name}: {value}")
    print("  by SendEmail (SES v2), parameters:")
    for name, value in one.parameters(tags).items():
        print(f"    {name}: {json.dumps(value)}")
    if one.link_tags:
        written = "".join(f"{name}:{value};" for name, value in one.link_tags.items())
        print(f'  in each <a> of the mail: ses:tags="{written}"')


def _send(
    stack: str, found: Sequence[MailNeeds], tags: Mapping[str, str], sender: str, receiver: str, page: str
) -> dict[str, str]:
    """Message ids by configuration set."""
    from linkproof import registry
    from linkproof.engine.clients import Clients
    from linkproof.senders.ses.facts import VENDOR
    from linkproof.senders.ses.mail import sample

    engine, _ = stack_declaration(stack)
    clients = Clients.of(engine)
    sent = {}
    for one in found:
        with registry.vendor(VENDOR).client.asking("a mail", one.account):
            ses = clients.client(VENDOR, one.account).service("sesv2", one.region)
            sent[one.name] = ses.send_email(**sample(one, tags, sender, receiver, page))["MessageId"]
    return sent
