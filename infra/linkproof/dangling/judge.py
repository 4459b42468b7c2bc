"""Whose the target of a name is. Pure: who asks DNS and the vendors is somewhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from linkproof.contract.served import HostServed
from linkproof.dangling.model import Name

Whose = Literal["ours", "not ours", "gone", "not known"]
_UNREGISTERED: Final = "its domain is not registered: whoever registers it has every click"


@dataclass(frozen=True, slots=True)
class Published:
    """A name that the stack publishes or published.

    Args:
        zone: of the name, for people.
        is_declared: likewise `is_in_use`, as `Name` has them.
    """

    name: str
    zone: str
    is_declared: bool
    is_in_use: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What DNS says of a name that another leads to.

    Args:
        status: whether it leads to an address.
        claim: by whom and where it may be taken while nothing is there; empty where it may not.
        is_unregistered: its registrable domain does not exist.
    """

    status: Literal["found", "missing", "unknown"]
    claim: str = ""
    is_unregistered: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """What a vendor's API, or an answer from outside, says of a name's target.

    Args:
        why: what proves it.
    """

    whose: Whose
    why: str


def judge(published: Published, served: HostServed, targets: Mapping[str, Target], owner: Owner) -> Name:
    """One name."""
    ends = tuple(dict.fromkeys(name.removesuffix(".") for one in served.servers for name in one.names))
    is_served = bool(ends) or any(one.addresses for one in served.servers)
    problems = [f"{one.server}: {one.problem}" for one in served.servers if one.problem]
    problems += [served.problem] if served.problem else []
    for end in ends:
        target = targets.get(end, Target("unknown"))
        if target.is_unregistered:
            return _bad(published, "claimable", ends, f"{end}: {_UNREGISTERED}")
        if target.status == "missing" and target.claim:
            return _bad(published, "claimable", ends, f"{end} has no address, and anybody may take it: {target.claim}")
    if any(targets.get(end, Target("unknown")).status == "missing" for end in ends):
        lost = next(end for end in ends if targets[end].status == "missing")
        return _bad(published, "gone", ends, f"{lost} leads to no address any more")
    if not is_served and not problems and served.servers:
        return Name(published.name, "not published", (), "", published.is_declared, published.is_in_use)
    if owner.whose == "gone":
        return _bad(published, "gone", ends, owner.why)
    if owner.whose == "not ours":
        return _bad(published, "someone else's", ends, owner.why)
    if problems or not served.servers:
        why = problems[0] if problems else "no authoritative server was found"
        return Name(published.name, "not known", ends, why, published.is_declared, published.is_in_use)
    fate: Literal["ours", "not known"] = "ours" if owner.whose == "ours" else "not known"
    return Name(published.name, fate, ends, owner.why, published.is_declared, published.is_in_use)


def _bad(
    published: Published, fate: Literal["claimable", "gone", "someone else's"], ends: tuple[str, ...], why: str
) -> Name:
    """The record goes before the object, and comes after it: between the two a name would lead nowhere."""
    record = f"take the record of {published.name} out of {published.zone} at its DNS host, at once"
    if not published.is_declared:
        steps: tuple[str, ...] = (record, "nothing of this stack needs it: leave it out")
    elif fate == "gone":
        steps = (
            f"{record}, unless the object can be made again under the same name",
            "make the object again: `pulumi up --refresh`",
            "the same `pulumi up` publishes the record, after the object: then run `linkproof verify`",
        )
    else:
        steps = (
            record,
            "see at the vendor whose it is, and take the host back there",
            "deploy: `pulumi up --refresh` publishes the record after the object; then run `linkproof verify`",
        )
    return Name(published.name, fate, ends, why, published.is_declared, published.is_in_use, steps)
