"""Azure: one Front Door profile for all links of an account and resource group, and for each link a domain that is validated before DNS moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.edges.azure import items
from linkproof.edges.azure.facts import CAS, CIPHER_SUITES, METHODS, SKU, VALIDATION_LABEL

# "If it does not expire, the validation will fail until the previous TXT record expires."
VALIDATION_TTL_SECONDS = 60
TOKEN, HOST_NAME = "validation_token", "host_name"
# Between Azure and the sender: what a reader waits at most. Azure's default is 60.
TIMEOUT_SECONDS = 30

Place = tuple[str, str]


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    """Each link's own domain, and by account and resource group the profile that they share."""
    places: dict[Place, list[EdgeUse]] = {}
    for use in uses:
        places.setdefault((use.edge.account, use.edge.options.resource_group), []).append(use)
    shared = [item for place in sorted(places) for item in _profile(place, places[place])]
    return EdgePlanned({use.key: _part(use) for use in uses}, tuple(shared))


def target(use: EdgeUse) -> Late:
    """The endpoint's name, which Azure makes from ours and a hash."""
    return Late(_name(use.edge.account, use.edge.options.resource_group), HOST_NAME, "the name of endpoint")


def _part(use: EdgeUse) -> EdgePart:
    """The domain with the record that proves it."""
    host, account, group = use.host, use.edge.account, use.edge.options.resource_group
    validation = Record(
        id=f"{use.key}/validation",
        path=f"{use.path}.click_host",
        resource=f"{VALIDATION_LABEL}.{host}/TXT",
        zone=use.zone.name.text,
        name=f"{VALIDATION_LABEL}.{host}",
        type="TXT",
        value=Late(host, TOKEN, "the token of custom domain"),
        ttl_seconds=VALIDATION_TTL_SECONDS,
        protect=use.in_use,
        resolve="none",
    )
    own = use.edge.options.own_certificate(host)
    domain = items.Domain(
        resource=host,
        account=account,
        group=group,
        protect=use.in_use,
        host=host,
        cipher_suites=CIPHER_SUITES,
        secret=_secret(account, group, own) if own else "",
    )
    alike = _alike(use)
    return EdgePart(
        items=(validation, domain),
        checks=(use.endpoint(target(use)), *(() if own else (use.caa(CAS, METHODS),))),
        click=Click(target(use), needs=(_route(account, group, alike), host)),
        certificate=_certificate(use, own),
        certificate_is_yours=own is not None,
        settings=(
            ("origin", f"https://{alike.origin} ({_judged(alike)}; {_hosts(use, alike)})"),
            (
                "forwards",
                f"all headers but {', '.join(alike.removed_headers) or 'none'}, and query strings as they are",
            ),
            ("cache", "off: the route has no cache settings"),
            ("viewer", "http and https without a redirect, TLS 1.2 and 1.3, IPv4 and IPv6"),
        ),
    )


def _certificate(use: EdgeUse, own: str | None) -> str:
    proof = f"proved by a TXT in {use.zone.name.text} whose token ends after seven days"
    return f"{own}; the host is {proof}" if own else f"DigiCert through Azure, {proof}"


@dataclass(frozen=True, slots=True, order=True)
class _Alike:
    """What makes hosts go the same way."""

    origin: str
    host_header: str
    checks_name: bool
    removed_headers: tuple[str, ...]


def _alike(use: EdgeUse) -> _Alike:
    needs = use.needs
    header = "" if "Host" in needs.headers else needs.origin
    removed = ("Cookie",) if needs.cookies == "none" else ()
    return _Alike(needs.origin, header, use.edge.options.check_origin_name, removed)


def _judged(alike: _Alike) -> str:
    if not alike.checks_name:
        return "the name in its certificate is not looked at"
    return "its certificate is verified; for which name, cannot be stated"


def _hosts(use: EdgeUse, alike: _Alike) -> str:
    """Azure says the click host in `X-Forwarded-Host` by itself, in place of whatever a viewer sends there."""
    said = [] if alike.host_header else ["the viewer's Host"]
    return " and ".join([*said, *(["X-Forwarded-Host"] if use.needs.forwarded_host != "no" else [])])


def _name(account: str, group: str) -> str:
    return f"{account}/{group}"


def _secret(account: str, group: str, source: str) -> str:
    """By vault and name in it."""
    parts = source.split("/")
    return f"{_name(account, group)}/{parts[-3]}/{parts[-1]}"


def _group(account: str, group: str, alike: _Alike) -> str:
    """An origin group and what is in it."""
    told = [alike.origin, *(["own-host"] if alike.host_header else []), *([] if alike.checks_name else ["unchecked"])]
    return "/".join((_name(account, group), *told))


def _route(account: str, group: str, alike: _Alike) -> str:
    kept = "" if alike.removed_headers else "/all-headers"
    return f"{_group(account, group, alike)}{kept}"


def _profile(place: Place, uses: Sequence[EdgeUse]) -> Iterator[Item]:
    """All that the links of one account and resource group share."""
    account, group = place
    name, in_use = _name(account, group), any(use.in_use for use in uses)
    yield items.Profile(
        resource=name, account=account, group=group, protect=in_use, sku=SKU, timeout_seconds=TIMEOUT_SECONDS
    )
    yield items.FrontDoor(resource=name, account=account, group=group, protect=in_use)
    own = {source: use for use in uses if (source := use.edge.options.own_certificate(use.host))}
    for source in sorted(own):
        asked = any(use.in_use for use in uses if use.edge.options.own_certificate(use.host) == source)
        secret = _secret(account, group, source)
        yield items.Secret(resource=secret, account=account, group=group, protect=asked, source=source)
    ways: dict[_Alike, list[EdgeUse]] = {}
    for use in uses:
        ways.setdefault(_alike(use), []).append(use)
    removed = {alike.removed_headers: any(use.in_use for use in ways[alike]) for alike in sorted(ways)}
    for headers, asked in removed.items():
        if headers:
            yield items.RuleSet(resource=name, account=account, group=group, protect=asked)
            yield items.Rule(resource=name, account=account, group=group, protect=asked, removed_headers=headers)
    for alike in sorted(ways):
        asked = any(use.in_use for use in ways[alike])
        origins = _group(account, group, alike)
        yield items.OriginGroup(resource=origins, account=account, group=group, protect=asked)
        yield items.Origin(
            resource=origins,
            account=account,
            group=group,
            protect=asked,
            origin=alike.origin,
            host_header=alike.host_header,
            checks_name=alike.checks_name,
        )
        yield items.Route(
            resource=_route(account, group, alike),
            account=account,
            group=group,
            protect=asked,
            hosts=tuple(sorted(use.host for use in ways[alike])),
            origin_group=origins,
            rule_set=name if alike.removed_headers else "",
        )
