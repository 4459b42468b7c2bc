"""Fastly: one service and one TLS subscription per link."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse
from linkproof.contract.items import Record
from linkproof.contract.values import Late
from linkproof.edges.fastly.facts import AUTHORITIES, DUALSTACK, METHODS, MINIMUM_TLS
from linkproof.edges.fastly.items import Activation, Service, Subscription

CHALLENGE_TTL_SECONDS = 300
CHALLENGE_NAME, CHALLENGE_VALUE = "challenge_name", "challenge_value"
TARGET, DUALSTACK_TARGET = "target", "dualstack_target"
FORWARDED_HOST = "X-Forwarded-Host"


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    """Nothing is shared: a mistake in one link's service reaches no other's."""
    return EdgePlanned({use.key: _part(use) for use in uses})


def target(use: EdgeUse) -> Late:
    """Where the subscription says that the host must lead; with IPv6 addresses where the link asks for them."""
    output = DUALSTACK_TARGET if 6 in use.link.families else TARGET
    return Late(use.host, output, "the target of TLS subscription")


def _part(use: EdgeUse) -> EdgePart:
    """The service, who makes its certificate, and how both are proved."""
    yours = use.edge.options.own_certificate(use.host)
    return _with_yours(use, yours) if yours else _with_subscription(use)


def _with_yours(use: EdgeUse, certificate: str) -> EdgePart:
    """With a certificate of the user's own. Who signed it is not known, nor does CAA say anything of what is signed."""
    options = use.edge.options
    activation = Activation(
        resource=use.host,
        path=use.path,
        host=use.host,
        account=use.edge.account,
        certificate=certificate,
        configuration=options.configuration or "",
        protect=use.in_use,
    )
    leads_to = f"{DUALSTACK if 6 in use.link.families else ''}{options.target}."
    service = _service(use)
    return EdgePart(
        items=(service, activation),
        checks=(use.endpoint(leads_to),),
        click=Click(leads_to, needs=(activation.resource,)),
        certificate=certificate,
        certificate_is_yours=True,
        settings=_settings(use, service),
    )


def _service(use: EdgeUse) -> Service:
    return Service(
        resource=use.host,
        path=use.path,
        host=use.host,
        account=use.edge.account,
        origin=use.needs.origin,
        forwarded_host=use.needs.forwarded_host == "always",
        cookies=use.needs.cookies == "all",
        minimum_tls=MINIMUM_TLS,
        protect=use.in_use,
    )


def _with_subscription(use: EdgeUse) -> EdgePart:
    """With one that Fastly has issued, and the record that proves it."""
    host, options = use.host, use.edge.options
    challenge = Record(
        id=f"{use.key}/validation",
        path=f"{use.path}.click_host",
        resource=f"{host}/fastly-validation",
        zone=use.zone.name.text,
        name=Late(host, CHALLENGE_NAME, "the challenge of TLS subscription"),
        type="CNAME",
        value=Late(host, CHALLENGE_VALUE, "the answer to the challenge of TLS subscription"),
        ttl_seconds=CHALLENGE_TTL_SECONDS,
        protect=use.in_use,  # Fastly renews by it
        resolve="none",
    )
    service = _service(use)
    subscription = Subscription(
        resource=host,
        path=use.path,
        host=host,
        account=use.edge.account,
        authority=options.authority,
        configuration=options.configuration or "",
        protect=use.in_use,
    )
    return EdgePart(
        items=(challenge, service, subscription),
        checks=(use.endpoint(target(use)), use.caa((AUTHORITIES[options.authority],), METHODS)),
        click=Click(target(use)),
        certificate=f"{AUTHORITIES[options.authority]} through Fastly, proved by a CNAME in {use.zone.name.text}",
        settings=_settings(use, service),
    )


def _settings(use: EdgeUse, service: Service) -> tuple[tuple[str, str], ...]:
    return (
        ("origin", f"https://{use.needs.origin} (TLS {MINIMUM_TLS}, its certificate verified, the viewer's Host)"),
        ("forwards", f"all headers, query strings: all, cookies: {use.needs.cookies}{_forwarded(service)}"),
        ("cache", "off, for errors too; an error of the origin is not asked for again"),
        ("viewer", "http and https, every method"),
    )


def _forwarded(service: Service) -> str:
    return f", {FORWARDED_HOST}: {service.host}" if service.forwarded_host else ""
