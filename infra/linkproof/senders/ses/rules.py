"""Rules of a declaration with Amazon SES links: what other senders have and SES does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkproof.contract.declared import Sender
from linkproof.contract.rules import Fault, SenderRule, SenderView, rule
from linkproof.senders.ses.facts import AUTO_TAGS, NO_DIMENSIONS
from linkproof.show import show_host

RULES: list[SenderRule] = []


@rule(RULES, "ses.no-owner-host", because="SES proves a domain by its DKIM records; a redirect domain is one CNAME")
def no_owner_host(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        if link.owner_host is not None:
            message = f"Amazon SES has no owner host, and {show_host(link.owner_host)} is declared"
            yield Fault(f"{link.path}.owner_host", message, "remove `owner_host`")
        if link.legacy:
            yield Fault(f"{link.path}.legacy", "only SendGrid has brandings of an old kind", "remove `legacy`")


@rule(RULES, "ses.no-managed-edge", because="SES terminates no HTTPS for a custom redirect domain: a CDN has to")
def no_managed_edge(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        if link.edge == "managed":
            fix = "name an edge of your own, or write `phase: branded` and remove `edge`"
            yield Fault(f"{link.path}.edge", "Amazon SES has no certificate for other hosts", fix)


@rule(
    RULES,
    "ses.set-link",
    because="a configuration set writes its links with one host, which a link of the same account and region has",
)
def set_link(view: SenderView) -> Iterator[Fault]:
    for sender in view.managed:
        keys = [link.key for link in view.links if link.sender == sender]
        for name, one in _sets(sender):
            if one.link not in keys:
                path = f"{sender.path}.manage.configuration_sets.{name}.link"
                yield Fault(
                    path,
                    f"{one.link} is no link of {sender.path}",
                    f"name one of: {', '.join(keys) or 'its links, of which there are none yet'}",
                )


@rule(
    RULES,
    "ses.destination",
    because="SES takes what it cannot use: a FIFO topic, another bus than the default one, a header that is no dimension; the events are"
    " then missing, without an error",
)
def destination(view: SenderView) -> Iterator[Fault]:
    for sender in view.managed:
        for name, one in _sets(sender):
            for key, form in (one.events or {}).items():
                yield from _of_destination(f"{sender.path}.manage.configuration_sets.{name}.events.{key}", form, sender)


def _of_destination(path: str, form: Any, sender: Sender) -> Iterator[Fault]:
    arns = {word: getattr(form, word) for word in ("stream", "topic", "bus") if hasattr(form, word)}
    for word, arn in arns.items():
        region = arn.split(":")[3]
        if region != sender.region:
            yield Fault(
                f"{path}.{word}",
                f"it is in {region or 'no region'}, and this sender in {sender.region}",
                "name one of its region",
            )
    if arns.get("topic", "").endswith(".fifo"):
        yield Fault(f"{path}.topic", "SES publishes to standard topics alone", "name a topic that is no FIFO topic")
    if "bus" in arns and not arns["bus"].endswith(":event-bus/default"):
        yield Fault(
            f"{path}.bus", "SES publishes to the default bus alone", "name it, and forward by a rule of its own"
        )
    for number, one in enumerate(getattr(form, "dimensions", ())):
        where = f"{path}.dimensions.{number}"
        if one.source == "email-header" and one.name.lower() in NO_DIMENSIONS:
            yield Fault(f"{where}.name", f"the header {one.name} cannot be a dimension", "use a message tag")
        if one.source == "email-header" and one.name in AUTO_TAGS:
            message = f"{one.name} is a tag of SES's own and no header: the default would always be published"
            yield Fault(f"{where}.source", message, "write `source: message-tag`", "warning")


def _sets(sender: Sender) -> list[tuple[str, Any]]:
    return list((sender.options.manage.configuration_sets or {}).items())
