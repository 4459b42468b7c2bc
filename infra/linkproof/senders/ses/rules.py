"""Rules of a declaration with Amazon SES links: what other senders have and SES does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkproof.contract.declared import MANAGED, Sender
from linkproof.contract.rules import Fault, SenderRule, SenderView, rule
from linkproof.names import HostName, InvalidHostNameError
from linkproof.senders.ses.destination_rules import shared_faults, single_faults
from linkproof.senders.ses.facts import NAME
from linkproof.senders.ses.monitoring import SET_DIMENSION, reads_sends_of_one_set
from linkproof.senders.ses.plan import above
from linkproof.show import show, show_host

RULES: list[SenderRule] = []


@rule(RULES, "ses.no-owner-host", because="SES proves a domain by its DKIM records; a redirect domain is one CNAME")
def no_owner_host(view: SenderView) -> Iterator[Fault]:
    yield from view.second_records(NAME)


@rule(RULES, "ses.no-managed-edge", because="SES terminates no HTTPS for a custom redirect domain: a CDN has to")
def no_managed_edge(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        if MANAGED in (link.edge, link.standby):
            fix = "name an edge of your own, or write `phase: branded` and remove `edge`"
            yield Fault(link.naming(MANAGED), "Amazon SES has no certificate for other hosts", fix)


@rule(
    RULES,
    "ses.set-link",
    because="a configuration set writes its links with one host, which a link of the same account and region has",
)
def set_link(view: SenderView) -> Iterator[Fault]:
    for sender in view.managed:
        path = f"{sender.path}.manage.configuration_sets"
        yield from view.not_its_links(sender, [(f"{path}.{name}.link", one.link) for name, one in _sets(sender)])


@rule(
    RULES,
    "ses.identity-zone",
    because="an identity is proved by records below it, which a declared zone has to hold",
)
def identity_zone(view: SenderView) -> Iterator[Fault]:
    for sender in view.managed:
        for written, _ in _identities(sender):
            path = f"{sender.path}.manage.identities.{written}"
            try:
                domain = HostName(written.lower())
            except InvalidHostNameError as error:
                yield Fault(path, f"{show(written)} is no domain: {error.reason}", "write a domain, as example.net")
                continue
            if not any(domain.is_at_or_below(HostName(zone)) for zone in view.zones):
                zones = ", ".join(sorted(view.zones)) or "none"
                yield Fault(
                    path, f"{domain} is in no declared zone (declared: {zones})", "declare its zone under `zones:`"
                )


@rule(
    RULES,
    "ses.mail-from",
    because="a MAIL FROM domain is below its identity, and receives nothing but what SES sends back: its MX record leads to SES",
)
def mail_from(view: SenderView) -> Iterator[Fault]:
    hosts = {link.click_host.text for link in view.links}
    for sender in view.managed:
        for written, form in _identities(sender):
            path = f"{sender.path}.manage.identities.{written}"
            if form.mail_from is None:
                if form.on_mx_failure is not None:
                    message = "no MAIL FROM domain is declared that it would be about"
                    yield Fault(f"{path}.on_mx_failure", message, "add `mail_from`, or remove it")
                continue
            try:
                host = HostName(form.mail_from.lower())
            except InvalidHostNameError as error:
                message = f"{show(form.mail_from)} is no host: {error.reason}"
                yield Fault(f"{path}.mail_from", message, f"write a host, as bounce.{written}")
                continue
            if not host.text.endswith(f".{written.lower()}"):
                yield Fault(f"{path}.mail_from", f"{host} is not below {written}", f"write a host, as bounce.{written}")
            elif host.text in hosts:
                message = f"{host} is a click host, which is a CNAME and nothing beside it (RFC 1034 §3.6.2)"
                yield Fault(f"{path}.mail_from", message, f"write another host, as bounce.{written}")


@rule(
    RULES,
    "ses.identity-verifying",
    because="SES takes no redirect domain below an identity that it has not verified: mails would be written with awstrack.me",
)
def identity_verifying(view: SenderView) -> Iterator[Fault]:
    for link in view.links:
        identity = above(link.sender, link.click_host.text)
        if identity is None or link.phase == "branded":
            continue
        if link.sender.options.manage.identities[identity].state == "verifying":
            path = f"{link.sender.path}.manage.identities.{identity}.state"
            yield Fault(
                f"{link.path}.phase",
                f"{show_host(link.click_host)} is in phase {link.phase}, and {identity} is still being verified",
                f"write `phase: branded`, or `state: verified` at {path} once SES says so",
            )


@rule(
    RULES,
    "ses.identity-covers",
    because="a redirect domain has to be equal to or below a verified identity of the account and region",
)
def identity_covers(view: SenderView) -> Iterator[Fault]:
    for sender in view.managed:
        if not _identities(sender):
            continue
        hosts = {link.key: link.click_host for link in view.links if link.sender == sender}
        for name, one in _sets(sender):
            host = hosts.get(one.link)
            if host is not None and above(sender, host.text) is None:
                path = f"{sender.path}.manage.configuration_sets.{name}.link"
                message = f"no declared identity is at or above {show_host(host)}"
                yield Fault(path, message, "declare one, or make sure that another stack has", "warning")


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
                yield from single_faults(f"{sender.path}.manage.configuration_sets.{name}.events.{key}", form, sender)
        yield from shared_faults(sender, _sets(sender))


@rule(
    RULES,
    "ses.alarm",
    because="an alarm over a metric that nobody publishes never says anything, or always",
)
def alarm(view: SenderView) -> Iterator[Fault]:
    for sender in view.managed:
        sets = dict(_sets(sender))
        for name, form in (sender.options.manage.alarms or {}).items():
            path = f"{sender.path}.manage.alarms.{name}"
            named = form.configuration_set
            if named is not None and named not in sets:
                fix = f"name one of: {', '.join(sets) or 'its configuration sets, of which there are none yet'}"
                yield Fault(f"{path}.configuration_set", f"{named} is no configuration set of {sender.path}", fix)
            elif form.on == "silence" and named is None:
                yield Fault(path, "silence is heard of one configuration set", "add `configuration_set`")
            elif form.on == "silence" and not any(
                reads_sends_of_one_set(one) for one in (sets[named].events or {}).values()
            ):
                yield Fault(
                    f"{path}.configuration_set",
                    f"no CloudWatch destination of {named} publishes `send` by {SET_DIMENSION} alone",
                    "add one with that dimension and no other: a metric with two cannot be read by one of them",
                )
            for number, topic in enumerate(form.notify or ()):
                if topic.split(":")[3] != sender.region:
                    message = f"it is in {topic.split(':')[3]}, and an alarm tells topics of its own region alone ({sender.region})"
                    yield Fault(f"{path}.notify.{number}", message, "name one of its region")


def _identities(sender: Sender) -> list[tuple[str, Any]]:
    return list((sender.options.manage.identities or {}).items())


def _sets(sender: Sender) -> list[tuple[str, Any]]:
    return list((sender.options.manage.configuration_sets or {}).items())
