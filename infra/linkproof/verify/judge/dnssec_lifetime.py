"""Signatures that are valid and end soon: the signer has stopped, or a secondary no longer gets the zone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from linkproof.verify.judge.signatures import at_text, ds_values_of, rrset_of, trusted_keys
from linkproof.verify.judge.subject import Violation
from linkproof.verify.observations.answer import Reply

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.vantage import ServerAddress
    from linkproof.verify.observations.zone import ZoneObservation

# Both must hold. Of the signers that work Knot renews last, with a tenth of the lifetime left; what is left below that is the way to
# the secondaries. So a signature of two days made yesterday is well, and one of a year with a month left leaves time to look.
SOON = timedelta(days=3)
SHARE = 12


def apex_expires_soon(zone: ZoneObservation, server: ServerAddress, now: datetime) -> Violation | None:
    """The keys or the SOA of one server."""
    return _soon(zone, server, zone.keys.get(server), now) or _soon(zone, server, zone.signed_soa.get(server), now)


def record_expires_soon(zone: ZoneObservation, server: ServerAddress, reply: Reply, now: datetime) -> Violation | None:
    """One record's signature, unless the whole zone's is about to end; a stopped signer renewed the SOA last of all."""
    found = _soon(zone, server, reply, now)
    return found if found and not apex_expires_soon(zone, server, now) else None


def _soon(zone: ZoneObservation, server: ServerAddress, answer: Answer | None, now: datetime) -> Violation | None:
    import dns.dnssec

    keys = zone.keys.get(server)
    if not zone.is_signed or not isinstance(keys, Reply) or not isinstance(answer, Reply) or not answer.wire:
        return None
    if not any(item.type == "RRSIG" for item in answer.answer):
        return None
    moment = int(now.timestamp())
    trusted, _ = trusted_keys(zone.name, ds_values_of(zone), keys.wire, moment)
    _, signatures = rrset_of(answer.wire, answer.name, answer.type)
    if trusted is None or signatures is None:
        return None
    tags = {dns.dnssec.key_id(key) for key in trusted}
    valid = [one for one in signatures if one.key_tag in tags and one.inception <= moment <= one.expiration]
    last = max(valid, key=lambda one: one.expiration, default=None)
    if last is None:
        return None
    left, lifetime = last.expiration - moment, last.expiration - last.inception
    if left >= SOON.total_seconds() or left * SHARE >= lifetime:
        return None
    what = f"{answer.type} of {answer.name}"
    return Violation(
        "dns.dnssec-expires-soon",
        f"a signature of the {what} that is renewed in time",
        f"ends {at_text(last.expiration)}, {_hours(left)} of {_hours(lifetime)} left",
        asked_name=answer.name,
        asked_type=answer.type,
    )


def _hours(seconds: int) -> str:
    return f"{seconds / 86400:.1f} days" if seconds >= 2 * 86400 else f"{seconds / 3600:.1f} h"
