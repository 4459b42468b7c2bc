"""The sender's own HTTPS (SendGrid's Auto SSL): a healthy host is proven, and each way in which it breaks has its own rule and advice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from linkproof import known
from linkproof.look.card import Card, cards
from linkproof.look.run import Looked, look
from linkproof.verify.result import VerificationResult

from tests.verify.certificates import Authority
from tests.verify.edges import BAD_HOSTNAME, Edge, answer, endpoint
from tests.verify.world import TARGET, World, errors, expect, record

HOST = "url.example.test"
CHALLENGE, HOSTNAME = f"_acme-challenge.{HOST}.", f"_cf-custom-hostname.{HOST}."
DCV, TOKEN = "url.example.test.0a1b.dcv.cloudflare.com.", '"3f0c1a9e"'
CAS = ["letsencrypt.org", "pki.goog", "ssl.com", "sectigo.com", "digicert.com"]
Change = Callable[[World], None]


def nothing(world: World) -> None:
    """A healthy host."""


def on_both(name: str, rtype: str, values: list[str] | None) -> Change:
    def change(world: World) -> None:
        for server in (world.first, world.second):
            server.set(name, rtype, values)

    return change


def proxied(world: World) -> None:
    """The DNS host answers with addresses of its own."""
    on_both(CHALLENGE, "CNAME", None)(world)
    on_both(CHALLENGE, "A", ["104.16.1.1"])(world)


def begin(world: World, change: Change, names: tuple[str, ...], page: bytes, folder: Path) -> Path:
    on_both(CHALLENGE, "CNAME", [DCV])(world)
    on_both(HOSTNAME, "TXT", [TOKEN])(world)
    change(world)
    authority = Authority(folder)
    Edge(world, authority.context(*names), https=page, http=page, signs=None)
    return authority.file


def verified(
    tmp_path: Path,
    change: Change = nothing,
    names: tuple[str, ...] = (HOST,),
    page: bytes | None = None,
    **changes: Any,
) -> VerificationResult:
    """What `verify` says of a declared link."""
    declared = [
        record(),
        record(id="link/acme-challenge", name=CHALLENGE, values=[DCV], resolve="none"),
        record(id="link/cf-custom-hostname", name=HOSTNAME, type="TXT", values=[TOKEN], resolve="none"),
    ]
    caa = [{"id": "link/caa", "host": HOST, "cas": CAS}]
    with World(tmp_path) as world:
        ca = begin(world, change, names, page or answer(), tmp_path)
        wanted = [endpoint(edge="managed", phase="secured", **changes)]
        return world.verify(expect(*declared, caa=caa, endpoints=wanted), ca=ca)


def looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change = nothing, names: tuple[str, ...] = (HOST,)
) -> tuple[Looked, Card]:
    """What `look` says without any declaration, where the host leads to SendGrid's own edge."""
    real = known.known_name("click.sendgrid.net")
    monkeypatch.setattr("linkproof.look.recognise.known_name", lambda name: real if name == TARGET else None)
    with World(tmp_path) as world:
        ca = begin(world, change, names, answer(), tmp_path)
        seen = look([HOST], world.options(ca=ca))
    (card,) = cards(seen, datetime.now(UTC))
    return seen, card


def test_a_healthy_host_is_proven_and_healthy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = verified(tmp_path)
    assert (result.verdict, result.findings) == ("proven", ())
    (tmp_path / "look").mkdir()
    seen, card = looked(tmp_path / "look", monkeypatch)
    assert (card.verdict, seen.result.verdict, seen.result.findings) == ("healthy", "proven", ())
    assert (seen.seen[0].sender, seen.seen[0].edge) == ("sendgrid", "managed")
    assert "whose HTTPS is the sender's own" in card.what


BROKEN = [
    pytest.param(
        on_both(CHALLENGE, "CNAME", None), (HOST,), "dns.missing-name", "create the record", id="no-challenge"
    ),
    pytest.param(proxied, (HOST,), "dns.missing-type", "switch proxying or flattening off", id="proxied-challenge"),
    pytest.param(on_both(HOSTNAME, "TXT", None), (HOST,), "dns.missing-name", "create the record", id="no-hostname"),
    pytest.param(
        on_both("example.test.", "CAA", ['0 issue "amazon.com"']), (HOST,), "dns.caa-forbids", "issue", id="caa"
    ),
    pytest.param(nothing, ("*.sendgrid.net",), "tls.own-https-missing", "_acme-challenge", id="sender-s-certificate"),
]


@pytest.mark.parametrize(("change", "names", "rule", "advice"), BROKEN)
def test_each_way_in_which_it_breaks_has_its_rule_whether_declared_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change, names: tuple[str, ...], rule: str, advice: str
) -> None:
    result = verified(tmp_path, change, names)
    assert errors(result) == {rule}
    assert all(advice in finding.fix for finding in result.findings)
    (tmp_path / "look").mkdir()
    seen, card = looked(tmp_path / "look", monkeypatch, change, names)
    assert (card.verdict, errors(seen.result)) == ("broken", {rule})


def test_a_certificate_that_is_missing_is_no_reason_to_move_the_host(tmp_path: Path) -> None:
    result = verified(tmp_path, names=("*.sendgrid.net",))
    (finding,) = result.findings
    assert "past the edge" not in finding.why
    assert "Leave the click host where it is" in finding.fix


def test_while_it_may_still_come_its_absence_is_said_and_fails_nothing(tmp_path: Path) -> None:
    result = verified(tmp_path, names=("*.sendgrid.net",), https="optional")
    assert (result.verdict, errors(result)) == ("proven", set())
    assert {finding.rule for finding in result.findings} == {"tls.own-https-missing"}


def test_a_host_that_the_sender_does_not_know_is_its_own_finding_there_too(tmp_path: Path) -> None:
    assert errors(verified(tmp_path, page=answer(404, BAD_HOSTNAME))) == {"app.bad-hostname"}
