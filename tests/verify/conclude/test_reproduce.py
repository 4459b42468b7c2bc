"""Every finding comes with a command that a shell reads as one harmless question."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linkproof.verify.conclude.reproduce import Reproducer
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.options import VerifyOptions
from linkproof.verify.result import Finding

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.servers import Refuses
from tests.verify.world import CLICK, World, expect, record

LAB = VerifyOptions(dns_port=5300, http_port=8080, https_port=8443)


def command(vantage, *, name="a.example.", record_type="CNAME", rule="dns.wrong-value", options=LAB, **parts):
    finding = Finding(rule, "error", "link/edge", name, record_type, "1", "2", vantage, "", "")
    return Reproducer(expect(endpoints=[endpoint(**parts)]), options)(finding)


@pytest.mark.parametrize(
    ("vantage", "changes", "shown"),
    [
        (
            Vantage("authoritative", "ns1.example.", "127.53.3.1", "udp"),
            {},
            "kdig @127.53.3.1 -p 5300 +norec a.example. CNAME",
        ),
        (
            Vantage("authoritative", "ns1.", "::1", "tcp"),
            {"options": VerifyOptions()},
            "kdig @::1 +norec +tcp a.example. CNAME",
        ),
        (
            Vantage("authoritative", "ns1.", "192.0.2.1", "udp"),
            {"name": "-f.example.", "options": VerifyOptions()},
            "kdig @192.0.2.1 +norec -q -f.example. -t CNAME",
        ),
        (Vantage("resolver", "192.0.2.1:54", "192.0.2.1", "udp"), {}, "kdig @192.0.2.1 -p 54 a.example. CNAME"),
        (
            Vantage("resolver", "tls://dns.example", "dns.example", "tls"),
            {},
            "kdig @dns.example -p 853 +tls +tls-hostname=dns.example +tls-ca a.example. CNAME",
        ),
        (
            Vantage("resolver", "https://dns.example/q", "dns.example", "https"),
            {},
            "kdig @dns.example -p 443 +https=/q +tls-hostname=dns.example +tls-ca a.example. CNAME",
        ),
        (
            Vantage("edge", "a.example", "192.0.2.1", "tls"),
            {"name": "a.example", "record_type": "TLS"},
            "openssl s_client -connect 192.0.2.1:8443 -servername a.example -showcerts </dev/null",
        ),
        (
            Vantage("edge", "a.example", "2001:db8::1", "https"),
            {"name": "a.example", "record_type": "HTTPS"},
            "curl --silent --show-error --include --insecure --connect-to 'a.example:443:[2001:db8::1]:8443' 'https://a.example/ls/click?upn=&linkproof='\"$(date +%s)\" | cat -v",
        ),
        (
            Vantage("edge", "a.example", "192.0.2.1", "http"),
            {"name": "a.example", "record_type": "HTTP", "sender": "ses"},
            "curl --silent --show-error --head --connect-to a.example:80:192.0.2.1:8080 'http://a.example/favicon.ico?linkproof='\"$(date +%s)\" | cat -v",
        ),
        (Vantage("authoritative", "a.example.", "", "udp"), {}, ""),
        (Vantage("authoritative", "ns1.", "192.0.2.1; reboot", "udp"), {}, ""),
        (Vantage("authoritative", "ns1.", "192.0.2.1", "udp"), {"name": "a\n.example."}, ""),
    ],
)
def test_each_vantage_has_its_command(vantage, changes, shown):
    assert command(vantage, **changes) == shown


@given(name=st.text(), server=st.text(), address=st.one_of(st.text(), st.just("192.0.2.1"), st.just("fe80::1%;reboot")))
def test_no_name_or_address_ends_the_command(name, server, address):
    for kind, record_type in (("authoritative", "TXT"), ("resolver", "A"), ("edge", "TLS"), ("edge", "HTTP")):
        shown = command(Vantage(kind, server, address, "udp"), name=name, record_type=record_type)
        assert shown.isprintable()
        # a number of its own, as each probe has, is the shell's to find
        quoted = shown.removesuffix(" | cat -v").removesuffix(" </dev/null").removesuffix('"$(date +%s)"')
        words = shlex.split(quoted)
        # a shell that reads the quoted words gives exactly those words back, so no part of them was obeyed
        assert shlex.join(words) == quoted
        assert not shown or words[0] in {"kdig", "openssl", "curl"}


def test_the_commands_of_real_findings_really_show_them(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path, second=Refuses) as world:
        Edge(
            world,
            authority.context("other.example.test"),
            https=answer(418, b"no\x1b[2J tea"),
            http=answer(418, b"tea"),
        )
        found = world.verify(expect(record(), endpoints=[endpoint()]), ca=authority.file)
        commands = {finding.rule: finding.reproduce for finding in found.findings}
        assert commands["dns.lame-refused"] == f"kdig @127.61.3.2 -p {world.port} +norec example.test. SOA"
        shown = run(commands["tls.name-mismatch"])
        assert "BEGIN CERTIFICATE" in shown
        https = Finding(
            "http.cached", "error", "link/edge", "url.example.test", "HTTPS", "", "",
            Vantage("edge", "url.example.test", "127.61.10.1", "https"), "", "",
        )  # fmt: skip
        reproducer = Reproducer(expect(endpoints=[endpoint()]), world.options(ca=authority.file))
        shown = run(reproducer(https))
        assert "418" in shown
        assert "no^[[2J tea" in shown, "what the server sends is shown, not obeyed"
    assert all(finding.reproduce for finding in found.findings)


def test_a_record_that_is_elsewhere_is_asked_where_it_is(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", ["nowhere.vendor.test."])
        found = world.verify(expect(record(values=["nowhere.vendor.test."])))
    (dangling,) = [finding for finding in found.findings if finding.rule == "dns.dangling-target"]
    assert dangling.reproduce.endswith("+norec nowhere.vendor.test. A")
    assert "@127.61.2.1" in dangling.reproduce


def run(command: str) -> str:
    done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=20, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")
