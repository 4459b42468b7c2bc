"""Certificates and handshakes as browsers judge them, at every address of the host."""

from __future__ import annotations

import os
import socket
import ssl
import warnings

import pytest
from linkproof.errors import LinkproofError
from linkproof.verify.observe.edge.certificates import system_anchors, verifying_context

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.world import SHORT, World, errors, expect, rules

HOST = "url.example.test"


def check(world, authority, options=None, **changes):
    return world.verify(expect(endpoints=[endpoint(http="off", **changes)]), ca=authority.file, **(options or {}))


@pytest.mark.parametrize(
    ("names", "options", "expected_errors", "expected_warnings"),
    [
        ([HOST], {}, set(), set()),
        (["*.example.test"], {}, set(), set()),
        (["*.test"], {}, {"tls.name-mismatch"}, set()),
        (["*.sendgrid.net"], {}, {"tls.name-mismatch"}, set()),
        ([], {}, {"tls.name-mismatch"}, set()),
        ([HOST], {"days": (-30, -1)}, {"tls.expired"}, set()),
        ([HOST], {"days": (1, 30)}, {"tls.not-yet-valid"}, set()),
        ([HOST], {"days": (-30, 22)}, set(), set()),
        ([HOST], {"days": (-30, 15)}, set(), {"tls.expires-soon"}),
        ([HOST], {"days": (-30, 5)}, {"tls.expires-soon"}, set()),
        ([HOST], {"chain": False}, {"tls.incomplete-chain"}, set()),
        ([HOST], {"self_signed": True}, {"tls.not-trusted"}, set()),
        (
            ["other.test"],
            {"days": (-30, -1), "chain": False},
            {"tls.name-mismatch", "tls.expired", "tls.incomplete-chain"},
            set(),
        ),
    ],
)
def test_each_fault_of_a_certificate_is_its_own_finding(tmp_path, names, options, expected_errors, expected_warnings):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context(*names, **options))
        result = check(world, authority)
    assert errors(result) == expected_errors
    assert rules(result) - errors(result) == expected_warnings
    assert result.exit_code == (1 if expected_errors else 0)


def test_a_chain_to_an_anchor_that_was_not_given_is_not_trusted(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context(HOST))
        expectations = expect(endpoints=[endpoint(http="off")])
        assert errors(world.verify(expectations)) == {"tls.not-trusted"}
        private = expect(endpoints=[endpoint(http="off", tls={"trust": "any"})])
        assert world.verify(private).verdict == "proven"


def test_an_expired_intermediate_counts_as_expired(tmp_path):
    authority = Authority(tmp_path, intermediate_days=(-30, -1))
    with World(tmp_path) as world:
        Edge(world, authority.context(HOST))
        result = check(world, authority)
    assert errors(result) == {"tls.expired"}
    assert "intermediate 1" in result.findings[0].observed


def test_a_closed_tls_port_is_refused_and_decides_nothing_when_optional(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, http=answer())
        assert errors(world.verify(expect(endpoints=[endpoint()]))) == {"tls.refused"}
        optional = world.verify(expect(endpoints=[endpoint(https="optional", phase="branded")]))
    assert optional.verdict == "proven"
    assert any(item.id == "link/edge" for item in optional.optional)
    assert authority


def test_a_server_that_ends_the_handshake_is_told_apart(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:

        async def drop(reader, writer):
            await reader.read(10)
            writer.close()

        world.loop.serve_stream(drop, "127.61.10.1", world.https_port)
        assert errors(check(world, authority)) == {"tls.handshake-failed"}


def test_a_silent_port_is_a_finding_only_if_tcp_works_elsewhere(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world, socket.socket() as silent:
        silent.bind(("127.61.10.1", world.https_port))
        silent.listen()
        alone = check(world, authority, SHORT)
        assert (alone.verdict, alone.findings) == ("not-proven", ())
        world.vendor.set("edge.vendor.test.", "A", ["127.61.10.1", "127.61.10.2"])
        Edge(world, authority.context(HOST), address="127.61.10.2")
        beside = check(world, authority, SHORT)
    assert [(finding.rule, finding.vantage.address) for finding in beside.findings] == [("tls.timeout", "127.61.10.1")]


def test_every_address_of_the_host_is_checked(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        world.vendor.set("edge.vendor.test.", "A", ["127.61.10.1", "127.61.10.2"])
        Edge(world, authority.context(HOST))
        Edge(world, authority.context("old.test"), address="127.61.10.2")
        result = check(world, authority)
    assert [(finding.rule, finding.vantage.address) for finding in result.findings] == [
        ("tls.name-mismatch", "127.61.10.2")
    ]


def test_tls_before_1_2_is_too_old(tmp_path):
    authority = Authority(tmp_path)
    context = authority.context(HOST)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1_1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with World(tmp_path) as world:
        Edge(world, context)
        result = check(world, authority)
    assert errors(result) == {"tls.too-old"}
    assert result.findings[0].observed == "TLSv1.1"


def test_connect_probes_an_edge_before_dns_moves(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        edge = Edge(world, authority.context(HOST), address="127.61.10.7")
        result = check(world, authority, connect="127.61.10.7", phase="ready")
        assert result.verdict == "proven"
        world.vendor.set("new.vendor.test.", "A", ["127.61.10.7"])
        assert check(world, authority, connect="new.vendor.test", phase="ready").verdict == "proven"
        gone = check(world, authority, connect="gone.vendor.test", phase="ready")
    assert all(b"\r\nHost: url.example.test\r\n" in request for request in edge.requests if request)
    assert errors(gone) == {"dns.dangling-target"}


def test_a_declared_ipv6_that_is_missing_is_a_finding(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context(HOST))
        assert errors(check(world, authority, families=[4, 6])) == {"dns.missing-type"}
        world.vendor.set("edge.vendor.test.", "AAAA", ["::1"])
        Edge(world, authority.context(HOST), address="::1")
        assert check(world, authority, families=[4, 6]).verdict == "proven"
        assert check(world, authority).verdict == "proven"


def test_the_anchors_of_the_system_are_read_once_and_none_is_lost(tmp_path, monkeypatch):
    """A bundle, a folder with one anchor that it lacks, several folders, nothing at all, and a file of something else."""
    known, more = ssl.get_default_verify_paths(), tmp_path / "more"
    for folder in (tmp_path / "inside", tmp_path / "outside", more):
        folder.mkdir()
    inside, outside = (Authority(tmp_path / name) for name in ("inside", "outside"))
    (more / "0123abcd.0").write_bytes(outside.file.read_bytes())
    (more / "README").write_text("no anchor")

    def anchors(bundle, *folders):
        monkeypatch.setenv(known.openssl_cafile_env, str(bundle))
        monkeypatch.setenv(known.openssl_capath_env, os.pathsep.join(map(str, folders)))
        system_anchors.cache_clear()
        return system_anchors(), verifying_context(None)

    pem = [item.file.read_text().strip() for item in (inside, outside)]
    found, context = anchors(inside.file, more)
    assert all(one in found for one in pem)
    assert len(context.get_ca_certs()) == 2
    assert anchors(inside.file, more, tmp_path)[0] is None, "OpenSSL goes through several folders itself"
    assert anchors(tmp_path / "missing.pem", tmp_path / "nowhere")[0] is None
    (tmp_path / "odd.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    assert anchors(tmp_path / "odd.pem", more)[1].verify_mode is ssl.CERT_REQUIRED, (
        "one that cannot be read stops nothing"
    )
    system_anchors.cache_clear()


def test_an_unusable_trust_file_is_bad_input(tmp_path):
    with World(tmp_path) as world:
        empty = tmp_path / "empty.pem"
        empty.write_text("no certificate\n")
        with pytest.raises(LinkproofError) as caught:
            world.verify(ca=empty)
    assert caught.value.exit_code == 2
    assert "empty.pem" in caught.value.problem


def test_an_endpoint_waits_while_its_own_record_may_be_old(tmp_path):
    from tests.verify.survey.test_rounds import OLD, FakeClock, previous

    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        edge = Edge(world, authority.context("*.sendgrid.net"))
        for server in (world.first, world.second):
            server.set("url.example.test.", "CNAME", [OLD])
        result = world.verify(expect(endpoints=[endpoint()], previous=previous()), clock=FakeClock(), ca=authority.file)
    assert (result.verdict, edge.requests) == ("lagging", [])
    assert {item.finding.id for item in result.lagging} == {"link/click", "link/edge"}


KARTE = {"min_days": 60, "lifetime_share": 3, "business_days": 3}


@pytest.mark.parametrize(
    ("days", "expected_errors", "expected_warnings"),
    [
        ((-1, 44), set(), set()),
        ((-29, 61), set(), set()),
        ((-71, 29), set(), {"tls.expires-soon"}),
        ((-29, 14), set(), {"tls.expires-soon"}),
        ((-87, 2), {"tls.expires-soon"}, set()),
        ((-300, 59), set(), {"tls.expires-soon"}),
    ],
)
def test_what_takes_business_days_is_reminded_of_by_its_lifetime_and_late_after_the_last_day(
    tmp_path, days, expected_errors, expected_warnings
):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context(HOST, days=days))
        result = check(world, authority, tls=KARTE)
    assert errors(result) == expected_errors
    assert rules(result) - errors(result) == expected_warnings
    assert all("the last day to act is 20" in finding.observed for finding in (*result.findings,))
