"""The network that the verifier stands in: interception and blocked ports are said, and never drift."""

from __future__ import annotations

import pytest
from linkproof.verify.options import InvalidControlAddressError, ResolverAddress, VerifyOptions

from tests.faults.signers import Signed
from tests.verify.certificates import Authority
from tests.verify.observe.dns.test_resolvers import serve
from tests.verify.servers import Honest
from tests.verify.world import CLICK, TARGET, World, expect, rules

NOBODY = "127.61.99.1"


def test_an_answer_from_an_address_that_nobody_has_is_interception(tmp_path):
    with World(tmp_path) as world:
        assert world.verify(control_address=NOBODY).verdict == "proven"
        forger = Honest()
        forger.load(".", {(".", "NS"): ["a.root."]})
        world.loop.serve_dns(forger, NOBODY, world.port)
        # even a wrong value does not count when somebody answers in the servers' place
        world.first.set(CLICK, "CNAME", ["old.vendor.test."])
        result = world.verify(control_address=NOBODY)
    assert [(f.rule, f.severity) for f in result.findings] == [("dns.intercepted", "warning")]
    assert (result.verdict, result.exit_code) == ("not-proven", 3)
    assert {item.id for item in result.could_not_check} == {"network/dns", "zone/example.test", "link/click"}


def test_where_answers_are_intercepted_no_resolver_is_asked_over_udp(tmp_path):
    """What the authorities seem to say was said by somebody else, so nobody knows whether they are right."""
    with World(tmp_path) as world:
        resolver = world.add_resolver()
        resolver.answers[CLICK, "CNAME"] = [TARGET]
        forger = Honest()
        forger.load(".", {(".", "NS"): ["a.root."]})
        world.loop.serve_dns(forger, NOBODY, world.port)
        assert rules(world.verify(control_address=NOBODY)) == {"dns.intercepted"}
        assert not resolver.asked


def test_nobody_outside_is_asked_from_a_world_on_loopback(tmp_path):
    with World(tmp_path) as world:
        result = world.verify(save=tmp_path / "evidence")
    assert result.verdict == "proven"
    assert "192.0.2.1" not in (tmp_path / "evidence" / "evidence.jsonl").read_text()


def test_where_port_53_is_blocked_a_resolver_over_tls_takes_over_and_nothing_is_proven(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        silent = tmp_path / "silent.hints"
        silent.write_text(f". 1 NS a.root.\na.root. 1 A {NOBODY}\n")
        resolver, port = serve(world, authority.context("localhost"), "tls")
        resolver.answers[CLICK, "CNAME"] = [TARGET]
        address = ResolverAddress.parse(f"tls://localhost:{port}")
        options = {"hints": silent, "resolvers": (address,), "ca": authority.file}
        right = world.verify(**options)
        assert resolver.asked[CLICK, "CNAME"] == 1
        resolver.answers[CLICK, "CNAME"] = ["old.vendor.test."]
        wrong = world.verify(**options)
        asked = resolver.asked[CLICK, "CNAME"]
        assert asked > 1
        assert world.verify(expect(previous=_changed_now()), **options).verdict == "not-proven"
        assert resolver.asked[CLICK, "CNAME"] == asked, (
            "what has just changed is not asked for: the question would plant it"
        )
    assert (right.verdict, right.findings) == ("not-proven", ())
    assert any(cell.state == "right" and cell.vantage.kind == "resolver" for cell in right.cells)
    assert rules(wrong) == {"dns.wrong-value"}


def _changed_now():
    from datetime import UTC, datetime

    return [{"record": "link/click", "values": [TARGET], "changed_at": datetime.now(UTC).isoformat()}]


def test_interception_leaves_no_verdict_about_signatures(tmp_path):
    with World(tmp_path, Signed, Signed) as world:
        world.tld.set("example.test.", "DS", [Signed().ds("example.test.")])
        forger = Honest()
        forger.load(".", {(".", "NS"): ["a.root."]})
        world.loop.serve_dns(forger, NOBODY, world.port)
        assert rules(world.verify(control_address=NOBODY)) == {"dns.intercepted"}


def test_a_control_address_that_is_none_is_bad_input():
    with pytest.raises(InvalidControlAddressError) as caught:
        VerifyOptions(control_address=".0.2.1")
    assert caught.value.exit_code == 2
