"""The certificate of a link: one of ACM with the record that proves it, or the user's own."""

from __future__ import annotations

from dataclasses import dataclass

from linkproof.acm import VALIDATION_NAME, VALIDATION_VALUE
from linkproof.contract.checks import Check
from linkproof.contract.edge import EdgeUse
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.edges.cloudfront.facts import CAS, METHODS
from linkproof.edges.cloudfront.items import Certificate

ISSUER = "ACM"
KEY_ALGORITHM = "RSA_2048"
VALIDATION_TTL_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Certified:
    """What a link's certificate takes.

    Args:
        resource: the item's; empty where it is the user's own.
        own: that one's ARN.
        shown: whose it is and how it is proved, for people.
    """

    resource: str
    own: str
    items: tuple[Item, ...]
    checks: tuple[Check, ...]
    shown: str


def certified(use: EdgeUse) -> Certified:
    """The user's own where one covers the host, else one of ACM with its record, before the host leads anywhere."""
    host = use.host
    own = use.edge.options.own_certificate(host) if use.edge.options is not None else None
    if own:
        # who signed one of the user's own is not known, nor does CAA say anything of what is signed
        return Certified("", own, (), (), own)
    validation = Record(
        id=f"{use.key}/validation",
        path=f"{use.path}.click_host",
        resource=f"{host}/validation",
        zone=use.zone.name.text,
        name=Late(host, VALIDATION_NAME, "the validation name of certificate"),
        type="CNAME",
        value=Late(host, VALIDATION_VALUE, "the validation value of certificate"),
        ttl_seconds=VALIDATION_TTL_SECONDS,
        protect=use.in_use,  # ACM renews by it
        resolve="none",
        shared=True,  # ACM proves all certificates of an account for one host by one record
    )
    certificate = Certificate(
        resource=host,
        path=use.path,
        host=host,
        account=use.edge.account,
        issuer=ISSUER,
        key_algorithm=KEY_ALGORITHM,
        protect=use.in_use,
    )
    shown = f"{ISSUER} {KEY_ALGORITHM}, proved by a CNAME in {use.zone.name.text}"
    return Certified(host, "", (validation, certificate), (use.caa(CAS, METHODS),), shown)
