"""Google Cloud: one load balancer for all links of an account, and for each link a certificate that is there before DNS moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.edges.gcp import items
from linkproof.edges.gcp.facts import AUTHORIZATION_TYPE, CAS, METHODS
from linkproof.edges.gcp.names import target

TTL_SECONDS = 300
FORWARDED_HOST = "X-Forwarded-Host"
AUTHORIZATION_NAME = "authorization_name"
# Between Google and the sender: what a reader waits at most. Google's default is 30.
TIMEOUT_SECONDS = 30
PORTS = (443, 80)
RECORD_TYPES = {4: "A", 6: "AAAA"}


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    """Each link's own certificate, and by account the load balancer that they share."""
    accounts: dict[str, list[EdgeUse]] = {}
    for use in uses:
        accounts.setdefault(use.edge.account, []).append(use)
    shared = [item for account in sorted(accounts) for item in _load_balancer(account, accounts[account])]
    return EdgePlanned({use.key: _part(use) for use in uses}, tuple(shared))


def validation_name(host: str) -> Late:
    """Of the record that proves the host."""
    return Late(host, AUTHORIZATION_NAME, "the record name of DNS authorization")


def _part(use: EdgeUse) -> EdgePart:
    """The certificate with the record that proves it, and the name that the click host leads to."""
    host, needs, account = use.host, use.needs, use.edge.account
    yours = use.edge.options.own_certificate(host) if use.edge.options is not None else None
    validation = Record(
        id=f"{use.key}/validation",
        path=f"{use.path}.click_host",
        resource=f"{host}/gcp-validation",
        zone=use.zone.name.text,
        name=validation_name(host),
        type="CNAME",
        value=Late(host, "authorization_value", "the record value of DNS authorization"),
        ttl_seconds=TTL_SECONDS,
        protect=use.in_use,
        resolve="none",
    )
    issued: tuple[Item, ...] = (
        validation,
        items.Authorization(resource=host, account=account, protect=use.in_use, host=host, type=AUTHORIZATION_TYPE),
        items.Certificate(resource=host, account=account, protect=use.in_use, host=host),
    )
    entry = items.MapEntry(
        resource=host, account=account, protect=use.in_use, host=host, map=account, own_certificate=yours or ""
    )
    name = target(account, use.zone.name.text)
    addresses = tuple(_address_record(use, name, family) for family in use.link.families)
    rules = tuple(_rule(account, family, port) for family in use.link.families for port in PORTS)
    return EdgePart(
        items=(*(() if yours else issued), entry, *addresses),
        # who signed one of the user's own is not known, nor does CAA say anything of what is signed
        checks=(use.endpoint(f"{name}."),) if yours else (use.endpoint(f"{name}."), use.caa(CAS, METHODS)),
        click=Click(f"{name}.", needs=(*(record.resource for record in addresses), *rules, host)),
        certificate=yours or f"Google Trust Services or Let's Encrypt, proved by a CNAME in {use.zone.name.text}",
        certificate_is_yours=yours is not None,
        settings=(
            ("origin", f"https://{needs.origin} (its name is SNI and must be in its certificate; {_hosts(use)})"),
            ("forwards", f"all headers but {', '.join(_removed(use)) or 'none'}, and query strings as they are"),
            ("cache", "off: no Cloud CDN"),
            ("retries", "only where no server was reached"),
            ("viewer", f"http and https, TLS 1.2 and 1.3 without early data, at {name}"),
        ),
    )


def _address_record(use: EdgeUse, name: str, family: int) -> Record:
    """Links of one zone and account share it: the plan joins those of one resource."""
    rtype = RECORD_TYPES[family]
    return Record(
        id=f"{use.key}/target-{rtype.lower()}",
        path=f"{use.path}.edge",
        resource=f"{name}/{rtype}",
        zone=use.zone.name.text,
        name=name,
        type=rtype,
        value=Late(_address(use.edge.account, family), "address", "the address of"),
        ttl_seconds=TTL_SECONDS,
        protect=use.in_use,
        resolve="none",
    )


def _hosts(use: EdgeUse) -> str:
    """How the origin learns the click host."""
    said = [] if _rewrite(use) else ["the viewer's Host"]
    return " and ".join([*said, *([FORWARDED_HOST] if use.needs.forwarded_host != "no" else [])])


def _rewrite(use: EdgeUse) -> str:
    return "" if "Host" in use.needs.headers else use.needs.origin


def _removed(use: EdgeUse) -> tuple[str, ...]:
    return ("Cookie",) if use.needs.cookies == "none" else ()


def _address(account: str, family: int) -> str:
    return f"{account}/ipv{family}"


def _rule(account: str, family: int, port: int) -> str:
    return f"{account}/ipv{family}/{port}"


@dataclass(frozen=True, slots=True)
class _Alike:
    """What makes two hosts go the same way."""

    origin: str
    host_rewrite: str
    forwarded_host: str
    removed_headers: tuple[str, ...]


def _load_balancer(account: str, uses: Sequence[EdgeUse]) -> Iterator[Item]:
    """All that the links of one account share."""
    in_use = any(use.in_use for use in uses)
    for origin in sorted({use.needs.origin for use in uses}):
        asked = any(use.in_use for use in uses if use.needs.origin == origin)
        name = f"{account}/{origin}"
        yield items.EndpointGroup(resource=name, account=account, protect=asked, origin=origin)
        yield items.Endpoint(resource=name, account=account, protect=asked, origin=origin, port=443)
        yield items.Backend(
            resource=name,
            account=account,
            protect=asked,
            group=name,
            protocol="HTTPS",
            timeout_seconds=TIMEOUT_SECONDS,
            cdn=False,
            log=False,
        )
    yield items.UrlMap(
        resource=account,
        account=account,
        protect=in_use,
        routes=_routes(account, uses),
        retried_on=("connect-failure",),
    )
    yield items.CertificateMap(resource=account, account=account, protect=in_use)
    yield items.HttpsProxy(resource=account, account=account, protect=in_use, early_data=False)
    yield items.HttpProxy(resource=account, account=account, protect=in_use)
    for family in (4, 6):
        with_family = [use for use in uses if family in use.link.families]
        if not with_family:
            continue
        used = any(use.in_use for use in with_family)
        address = _address(account, family)
        yield items.Address(resource=address, account=account, protect=used, family=family)
        for port in PORTS:
            rule = _rule(account, family, port)
            yield items.ForwardingRule(resource=rule, account=account, protect=used, address=address, port=port)


def _routes(account: str, uses: Sequence[EdgeUse]) -> tuple[items.Route, ...]:
    """One for all hosts that go the same way; a host that is told to the sender in a header has one of its own."""
    hosts: dict[_Alike, list[str]] = {}
    for use in uses:
        forwarded = use.host if use.needs.forwarded_host != "no" else ""
        alike = _Alike(use.needs.origin, _rewrite(use), forwarded, _removed(use))
        hosts.setdefault(alike, []).append(use.host)
    routes = [
        items.Route(
            hosts=tuple(sorted(names)),
            origin=alike.origin,
            backend=f"{account}/{alike.origin}",
            host_rewrite=alike.host_rewrite,
            forwarded_host=alike.forwarded_host,
            removed_headers=alike.removed_headers,
        )
        for alike, names in hosts.items()
    ]
    return tuple(sorted(routes, key=lambda route: route.hosts))
