"""A KARTE host from the upload to its use: its record comes when KARTE answers for it, and is never taken back."""

from __future__ import annotations

from typing import Any

from tests.engine.sandbox import Sandbox

HOST = "t.example.com"


def declaration(state: str | None) -> dict[str, Any]:
    entry = {"provider": "karte", "host": HOST, **({"state": state} if state else {})}
    zone = {"dns": "cloudflare", "id": "023e105f4ecef8ad9ca31a8372d0c353"}
    return {"zones": {"example.com": zone}, "tracking_hosts": {"karte": entry}}


def records(box: Sandbox) -> list[str]:
    return [one["outputs"]["name"] for one in box.state("t")["deployment"]["resources"] if ":DnsRecord" in one["type"]]


def state_at_karte(box: Sandbox, state: str) -> None:
    uploaded = box.control.documents("karte-host")[HOST]
    box.control.put_document("karte-host", HOST, {**uploaded, "state": state})


def test_a_host_waits_is_seen_to_be_in_use_is_published_and_stays(fresh: Sandbox) -> None:
    fresh.stack("t", declaration(None))
    refused = fresh.linkproof("guard", "t", "--new", code=None)
    assert refused.returncode != 0
    assert "tracking.host-new" in refused.stdout + refused.stderr
    fresh.declare("t", declaration("preparing"))
    fresh.up("t")
    state_at_karte(fresh, "preparing")
    assert records(fresh) == []
    fresh.linkproof("expectations", "t")
    code, seen = fresh.verify("t")
    assert (code, seen["findings"]) == (3, []), "a stack of nothing but what is waited for has nothing to prove"
    assert any("not in use yet" in limit["reason"] for limit in seen["limits"])
    state_at_karte(fresh, "in-use")
    code, seen = fresh.verify("t")
    assert (code, [finding["rule"] for finding in seen["findings"]]) == (0, ["tls.in-use"])
    fresh.declare("t", declaration("in-use"))
    fresh.up("t")
    assert records(fresh) == [HOST]
    fresh.linkproof("expectations", "t")
    code, seen = fresh.verify("t", "--wait", "60s")
    assert (code, seen["findings"]) == (0, [])
    assert HOST in fresh.linkproof("certificates", "t").stdout
    fresh.declare("t", declaration("verifying"))
    again = fresh.linkproof("guard", "t", code=None)
    assert again.returncode != 0
    assert "tracking.host-in-use" in again.stdout + again.stderr
    fresh.declare("t", declaration(None))
    fresh.linkproof("guard", "t")
