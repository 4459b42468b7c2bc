"""CAA with conditions (RFC 8657): each that the edge cannot meet, and the nearest one that it can."""

from __future__ import annotations

import pytest
from linkproof.verify.judge.caa_parameters import unmet

from tests.verify.world import World, expect, record

ACM = ("dns-01", "ca-tbr-7")
UNIVERSAL = ("dns-01", "http-01", "ca-tbr-7")


def judge(tmp_path, records, cas=("amazon.com", "amazontrust.com"), methods=ACM):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("example.test.", "CAA", records)
        caa = [{"id": "link/caa", "host": "url.example.test", "cas": list(cas), "methods": list(methods)}]
        return world.verify(expect(caa=caa))


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("others", [['0 issue "amazon.com"'], None])
def test_one_server_whose_set_forbids_is_found_whoever_is_asked_first(tmp_path, number, others):
    """A CA may ask any of them."""
    host = f"url{number}.example.test"
    with World(tmp_path) as world:
        world.first.set("example.test.", "CAA", others)
        world.second.set("example.test.", "CAA", ['0 issue "other.test"'])
        caa = {"id": "link/caa", "host": host, "cas": ["amazon.com"]}
        found = world.verify(expect(record(name=f"{host}."), caa=[caa])).findings
        world.second.set("example.test.", "CAA", ['0 issue "other.test"', '0 issue "amazon.com"'])
        agreed = world.verify(expect(record(name=f"{host}."), caa=[caa])).findings
    forbidden = [(item.rule, item.severity, item.vantage.address) for item in found if item.id == "link/caa"]
    assert forbidden == [("dns.caa-forbids", "error", "127.61.3.2")]
    assert not [item for item in agreed if item.id == "link/caa"]


@pytest.mark.parametrize(
    ("records", "severity"),
    [
        # a CA that may pass over the parameters until 2027-03-15
        (['0 issue "amazon.com; validationmethods=http-01"'], "warning"),
        (['0 issue "amazon.com; validationmethods=http-01,DNS-01"'], None),
        (['0 issue "amazon.com; validationmethods=ca-tbr-7"'], None),
        (['0 issue "amazon.com; validationmethods="'], "warning"),
        (['0 issue "amazon.com; validationmethods=dns-01; validationmethods=dns-01"'], "warning"),
        (['0 issue "amazon.com; accounturi=https://acme.test/acct/1"'], "warning"),
        (['0 issue "amazon.com; policy=ev"'], None),
        (['0 issue "amazon.com;"'], None),
        # a value that is not well formed authorizes nobody
        (['0 issue "amazon.com; what is this"'], "error"),
        # any one property suffices, whichever of the edge's CAs it names
        (['0 issue "amazon.com; validationmethods=http-01"', '0 issue "amazontrust.com"'], None),
        (['0 issue "amazon.com; what is this"', '0 issue "amazon.com; validationmethods=http-01"'], "warning"),
        # the conditions of another CA, or of wildcards, are not the edge's
        (['0 issue "other.test; validationmethods=http-01"', '0 issue "amazon.com"'], None),
        (['0 issuewild "amazon.com; validationmethods=http-01"'], None),
    ],
)
def test_conditions_of_a_ca_that_may_ignore_them_today(tmp_path, records, severity):
    result = judge(tmp_path, records)
    found = [(finding.rule, finding.severity) for finding in result.findings]
    assert found == ([("dns.caa-parameters", severity)] if severity else [])
    assert result.verdict == ("differs" if severity == "error" else "proven")
    if severity == "warning":
        assert "2027-03-15" in result.findings[0].why


@pytest.mark.parametrize(
    ("parameters", "severity"),
    [
        ("validationmethods=tls-alpn-01", "error"),
        ("validationmethods=tls-alpn-01,http-01", None),
        ("validationmethods=dns_01", "error"),
        ("accounturi=https://acme-v02.api.letsencrypt.org/acme/acct/1", "warning"),
        ("accounturi=https://a.test/1; accounturi=https://a.test/2", "error"),
        ("accounturi=12", "error"),
    ],
)
def test_conditions_of_a_ca_that_obeys_them(tmp_path, parameters, severity):
    result = judge(tmp_path, [f'0 issue "letsencrypt.org; {parameters}"'], ["letsencrypt.org"], UNIVERSAL)
    found = [(finding.rule, finding.severity) for finding in result.findings]
    assert found == ([("dns.caa-parameters", severity)] if severity else [])


def test_methods_that_nobody_knows_are_not_judged(tmp_path):
    records = ['0 issue "letsencrypt.org; validationmethods=tls-alpn-01"']
    assert judge(tmp_path, records, ["letsencrypt.org"], ()).findings == ()


@pytest.mark.parametrize(
    ("parameters", "severity"),
    [
        ("accounturi=https://a.test/1", None),
        ("accounturi=https://a.test/2", "error"),
        ("accounturi=https://a.test/1; accounturi=https://a.test/1", "error"),
        ("accounturi=https://a.test/1; validationmethods=http-01", "error"),
    ],
)
def test_an_account_that_orders_itself_is_held_to_its_own_uri(parameters, severity):
    found = unmet("letsencrypt.org", parameters, ("dns-01",), "https://a.test/1")
    assert (found.severity if found else None) == severity
