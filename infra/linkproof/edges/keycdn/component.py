"""KeyCDN: an edge groups a zone and its alias."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pulumi

from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.contract.vendor import ACCOUNTS, SECRETS
from linkproof.edges.keycdn.account import Options, Secrets
from linkproof.edges.keycdn.facts import NAME_CHARACTERS, SETTINGS, VENDOR, target_of
from linkproof.edges.keycdn.items import ZONE, ZONE_ALIAS, Zone
from linkproof.edges.keycdn.plan import TARGET
from linkproof.errors import LinkproofError
from linkproof.names import with_dot


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """Each link's zone with its alias."""
    del records
    for item in items:
        if isinstance(item, Zone):
            KeyCdnEdge(item, building)


class KeyCdnEdge(pulumi.ComponentResource):
    """One link's edge. Tells `building` where the host must lead."""

    def __init__(self, planned: Zone, building: Building) -> None:
        super().__init__("linkproof:keycdn:Edge", planned.resource)
        options, secrets = building.account(VENDOR, planned.account)
        provider = building.provider(VENDOR, planned.account)
        name, given = zone_name(building.owner, planned.resource), _certificate(planned, options, secrets)
        zone = pulumi.CustomResource(
            ZONE,
            planned.resource,
            {
                "name": name,
                "originUrl": f"https://{planned.origin}",
                "settings": dict(SETTINGS),
                **given,
            },
            pulumi.ResourceOptions(parent=self, provider=provider, protect=planned.protect),
        )
        alias = pulumi.CustomResource(
            ZONE_ALIAS,
            planned.resource,
            {"zoneId": zone.id, "name": planned.host},
            pulumi.ResourceOptions(parent=self, provider=provider, protect=planned.protect),
        )
        # whoever leads a host here waits until the zone answers for it
        leads_to = with_dot(target_of(name, str(given["suffix"])))
        target = alias.id.apply(lambda _: leads_to)
        building.late[Late(planned.resource, TARGET)] = target
        self.register_outputs({"target": target})


def zone_name(owner: str, host: str) -> str:
    """Twenty letters and digits, and no tags: the name alone says whose a zone is."""
    digest = hashlib.sha256(f"{owner} {host}".encode()).hexdigest()
    return f"lp{digest}"[:NAME_CHARACTERS]


def _certificate(planned: Zone, options: Options, secrets: Secrets) -> dict[str, pulumi.Input[object]]:
    """What the account has under the name.

    Raises:
        LinkproofError: it lacks something of it.
    """
    name, place = planned.certificate, f"{ACCOUNTS}.{planned.account}.keycdn"
    path = (options.certificates or {}).get(name)
    if path is None:
        raise LinkproofError(
            f"account {planned.account} has no certificate {name}", f"give its file at {place}.certificates.{name}"
        )
    try:
        chain = Path(path).read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise LinkproofError(
            f"certificate {name} cannot be read from {path}: {error}", f"correct {place}.certificates.{name}"
        ) from error
    key = (secrets.keycdn_certificate_keys or {}).get(name)
    if key is None:
        where = f"{SECRETS}.{planned.account}.keycdnCertificateKeys.{name}"
        raise LinkproofError(
            f"there is no key for certificate {name}", f"`pulumi config set --secret --path {where} < KEY.pem`"
        )
    if options.zone_suffix is None:
        raise LinkproofError(
            f"account {planned.account} does not say what its zone URLs end with",
            f"write what stands behind the hyphen of any zone URL in the console (1a2b of shop-1a2b.kxcdn.com) at {place}.zoneSuffix",
        )
    return {
        "suffix": options.zone_suffix,
        "certificate": chain,
        "certificateKey": pulumi.Output.secret(key.get_secret_value()),
    }
