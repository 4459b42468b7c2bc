"""What a TLS subscription says of records: the one that proves it, and where its host must lead. The engine's state and the SDK alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from linkproof.errors import LinkproofError


def challenge(found: Iterable[Mapping[str, Any]], host: str) -> tuple[str, str]:
    """Name and value, without trailing dots, of the CNAME that answers the DNS challenge.

    Args:
        found: `managedDnsChallenges`.

    Raises:
        LinkproofError: there is none for the host.
    """
    for one in found:
        name, value = str(one.get("recordName") or ""), str(one.get("recordValue") or "")
        if one.get("recordType") == "CNAME" and name.rstrip(".").endswith(f".{host}") and value:
            return name.rstrip("."), value.rstrip(".")
    raise LinkproofError(
        f"the TLS subscription of {host} offers no DNS challenge by a CNAME",
        "look at the subscription in Fastly's TLS management: an e-mail challenge switches the others off",
    )


def target_of(found: Iterable[Mapping[str, Any]]) -> str:
    """The name that Fastly wants the host to lead to, without trailing dot.

    Args:
        found: `managedHttpChallenges`, which an apex answers by addresses and every other host by a CNAME.

    Raises:
        LinkproofError: there is no such name.
    """
    for one in found:
        values = one.get("recordValues") or ()
        if one.get("recordType") == "CNAME" and values:
            return str(next(iter(values))).rstrip(".")
    raise LinkproofError(
        "the TLS subscription does not say by a CNAME where its host must lead",
        "use a host below the zone's apex; Fastly gives an apex addresses alone",
    )
