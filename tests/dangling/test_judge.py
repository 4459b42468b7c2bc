"""Whose the target of a name is, and in which order to mend."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from linkproof.contract.served import HostServed, ServedAt
from linkproof.dangling.judge import Owner, Published, Target, judge
from linkproof.dangling.model import Dangling, Name, in_order
from linkproof.dangling.targets import _ask, claim, registrable

NAME = Published("url1.example.net", "example.net", is_declared=True, is_in_use=True)
ONCE = Published("old.example.net", "example.net", is_declared=False)
AT = "d1.cloudfront.net"
OURS = Owner("ours", "its object is at its vendor")
HERE = {AT: Target("found")}


def served(*names: str, addresses: tuple[str, ...] = (), problem: str = "") -> HostServed:
    return HostServed((ServedAt("ns1 (192.0.2.1)", names, addresses, 300, problem),))


@pytest.mark.parametrize(
    ("answered", "targets", "owner", "fate"),
    [
        (served(f"{AT}."), HERE, OURS, "ours"),
        (served(addresses=("192.0.2.9",)), {}, OURS, "ours"),
        (served(), {}, OURS, "not published"),
        (served(f"{AT}."), {AT: Target("missing")}, OURS, "gone"),
        (served(f"{AT}."), {AT: Target("missing", claim="Some service (source)")}, OURS, "claimable"),
        (served(f"{AT}."), {AT: Target("missing", is_unregistered=True)}, OURS, "claimable"),
        # that a distribution's name resolves is no proof that ours is behind it
        (served(f"{AT}."), HERE, Owner("gone", "no such object"), "gone"),
        (served(f"{AT}."), HERE, Owner("not ours", "another account's"), "someone else's"),
        (served(f"{AT}."), HERE, Owner("not known", "nobody asked"), "not known"),
        (served(problem="no answer (timeout)"), {}, OURS, "not known"),
        (HostServed(), {}, OURS, "not known"),
        # what nobody could resolve is neither there nor gone
        (served(f"{AT}."), {AT: Target("unknown")}, Owner("not known", "x"), "not known"),
    ],
)
def test_each_fate_has_its_evidence(answered, targets, owner, fate) -> None:
    assert judge(NAME, answered, targets, owner).fate == fate


def test_a_chain_is_as_dangling_as_its_end() -> None:
    targets = {AT: Target("found"), "edge.example.com": Target("missing", is_unregistered=True)}
    found = judge(NAME, served(f"{AT}.", "edge.example.com."), targets, OURS)
    assert (found.fate, found.targets) == ("claimable", (AT, "edge.example.com"))


def test_the_record_goes_before_the_object_and_comes_after_it() -> None:
    gone = judge(NAME, served(f"{AT}."), {AT: Target("missing")}, OURS)
    assert [step.partition(" ")[0] for step in gone.steps] == ["take", "make", "the"]
    once = judge(ONCE, served(f"{AT}."), {AT: Target("missing")}, OURS)
    assert "take the record of old.example.net out of example.net" in once.steps[0]
    assert not any("pulumi" in step for step in once.steps)
    assert judge(NAME, served(f"{AT}."), HERE, OURS).steps == ()


def test_what_anybody_may_take_is_mended_first_and_then_what_clicks_arrive_at() -> None:
    names = [
        Name("a", "ours"),
        Name("b", "gone"),
        Name("c", "gone", is_in_use=True),
        Name("d", "not known"),
        Name("e", "someone else's"),
        Name("f", "claimable", is_declared=False),
        Name("g", "gone", is_declared=False),
    ]
    assert [one.name for one in sorted(names, key=in_order)] == ["f", "e", "c", "g", "b", "d", "a"]


@pytest.mark.parametrize(
    ("fates", "code"),
    [
        ([], 0),
        (["ours", "not published"], 0),
        (["ours", "not known"], 3),
        (["not known", "gone"], 1),
        (["claimable"], 1),
    ],
)
def test_the_exit_code_is_the_worst_fate(fates, code) -> None:
    assert Dangling("dev", tuple(Name(str(n), fate) for n, fate in enumerate(fates))).exit_code == code


def test_only_below_a_service_where_anybody_may_take_a_name_it_is_claimable() -> None:
    assert "Azure CDN" in claim("acme.azureedge.net")
    assert claim("azureedge.net") == claim("evilazureedge.net") == claim("d1.cloudfront.net") == ""


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("a.b.example.co.uk", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("x.example.com", "example.com"),
        ("deep.a.b.example.com", "example.com"),
    ],
)
def test_the_registrable_domain_is_what_somebody_could_register(name, domain) -> None:
    assert registrable(name) == domain


class Walker:
    """Answers by name and type."""

    def __init__(self, **found: str) -> None:
        self.found = found

    async def resolve_anywhere(self, name: str, rtype: str) -> SimpleNamespace:
        status = "found" if self.found.get(rtype) == name else "missing"
        return SimpleNamespace(status=status, last=SimpleNamespace(rcode="NOERROR"))


@pytest.mark.parametrize(
    ("has", "status"), [({"A": f"{AT}."}, "found"), ({"AAAA": f"{AT}."}, "found"), ({}, "missing")]
)
def test_a_target_that_is_reached_over_ipv6_alone_is_there(has: dict[str, str], status: str) -> None:
    walker: Any = Walker(**has)
    assert asyncio.run(_ask(walker, [AT]))[AT].status == status
