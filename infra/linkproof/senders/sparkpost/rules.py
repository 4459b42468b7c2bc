"""Rules of a declaration with SparkPost links: what other senders have and SparkPost does not."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.declared import MANAGED, Sender
from linkproof.contract.rules import Fault, SenderRule, SenderView, rule
from linkproof.senders.sparkpost.facts import ENTERPRISE_ZONE, NAME

RULES: list[SenderRule] = []


@rule(RULES, "sparkpost.no-owner-host", because="SparkPost proves a tracking domain by its one CNAME")
def no_owner_host(view: SenderView) -> Iterator[Fault]:
    yield from view.second_records(NAME)


@rule(
    RULES,
    "sparkpost.enterprise-managed",
    because="SparkPost manages HTTPS at v2.spgo.io and eu.v2.spgo.io; its table has it for no enterprise account's endpoint"
    " (https://support.sparkpost.com/docs/tech-resources/managed-https-for-tracking-domains)",
)
def enterprise_managed(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        if MANAGED in (link.edge, link.standby) and link.sender.region == "enterprise":
            fix = "name an edge of your own, or write `phase: branded` and remove `edge`"
            message = "SparkPost manages no HTTPS for an enterprise account"
            yield Fault(link.naming(MANAGED), message, fix)


@rule(
    RULES,
    "sparkpost.target",
    because="an enterprise account has a tracking endpoint of its own, the others share their region's",
)
def target(view: SenderView) -> Iterator[Fault]:
    senders: dict[str, Sender] = {sender.path: sender for sender in view.senders}
    senders |= {link.sender.path: link.sender for link in view.links}
    for sender in senders.values():
        said = sender.options.target
        if sender.region == "enterprise" and said is None:
            fix = f"write `target: <tenant>.{ENTERPRISE_ZONE}`, as its technical account manager says, under `senders:`"
            yield Fault(f"{sender.path}.region", "an enterprise account's tracking endpoint is not said", fix)
        elif sender.region != "enterprise" and said is not None:
            message = f"{said} is an enterprise account's endpoint, and the region is {sender.region}"
            yield Fault(f"{sender.path}.target", message, "remove `target`, or write `region: enterprise`")


@rule(
    RULES,
    "sparkpost.managed-link",
    because="the default tracking domain, and that of a sending domain, is one that the same account has here",
)
def managed_link(view: SenderView) -> Iterator[Fault]:
    for sender in view.managed:
        manage = sender.options.manage
        named = [] if manage.default is None else [(f"{sender.path}.manage.default", manage.default)]
        named += [
            (f"{sender.path}.manage.sending_domains.{domain}", key)
            for domain, key in (manage.sending_domains or {}).items()
        ]
        yield from view.not_its_links(sender, named)
