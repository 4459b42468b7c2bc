"""A canary without its recipient: gone in every writing, the same when done twice, and enough to judge by."""

from __future__ import annotations

import html
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linkproof.expectations.model import parse
from linkproof.verify.marks import Probe
from linkproof.verify.observations.edge import HttpObservation
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.edge.canaries import canary_probes
from linkproof.verify.observe.port import edge_key
from linkproof.verify.redaction.recipients import nobodys, without_recipient, without_recipients

HOST = "url.example.test"
VANTAGE = Vantage("edge", HOST, "192.0.2.1", "https")
PATHS = st.from_regex(r"/[A-Za-z0-9._~&=%+-]{1,60}(\?[A-Za-z0-9._~&=%+/-]{1,60})?", fullmatch=True)


def expectations(url, leads_to="https://shop.example.test/a"):
    second = {"url": f"https://{HOST}/second", "leads_to": "https://shop.example.test/b"}
    canaries = [{"url": url, "leads_to": leads_to}, second]
    return parse({"version": 1, "endpoints": [{"id": "link/edge", "host": HOST, "canaries": canaries}]})


def first(path):
    """The request of a canary, beside which there is another."""
    return canary_probes(expectations(f"https://{HOST}{path}").endpoints[0])[0][1]


@given(PATHS, PATHS)
def test_what_is_kept_can_be_read_again_and_stays_as_it_is(path, destination):
    given = expectations(f"https://{HOST}{path}", f"https://shop.example.test{destination}")
    kept = without_recipients(given)
    again = parse(kept.model_dump(mode="json"))
    assert again == kept
    assert without_recipients(again) == kept
    # the same questions, in the same words, live and played back
    for one, other in zip(given.endpoints, kept.endpoints, strict=True):
        assert nobodys(one) == other
        live, replayed = canary_probes(one), canary_probes(other)
        assert [(scheme, edge_key(scheme, HOST, "a", probe)) for scheme, probe in live] == [
            (scheme, edge_key(scheme, HOST, "a", probe)) for scheme, probe in replayed
        ]


TOKEN = "u001.kQ-2Bx%2By&amp=3D"


@pytest.mark.parametrize(
    "text",
    [
        f"https://{HOST}/ls/click?upn={TOKEN}",
        f"the token {TOKEN}.",
        quote(TOKEN, safe=""),
        html.escape(TOKEN),
        "u001.kQ-2Bx+y&amp=3D",
        html.escape(f"/ls/click?upn={TOKEN}"),
    ],
)
def test_however_a_server_repeats_the_request_it_is_gone(text):
    probe = first(f"/ls/click?upn={TOKEN}")
    seen = HttpObservation(VANTAGE, "answered", "x", "", 404, (("x-url", text),), text.encode() + b"\xff")
    found = without_recipient(seen, probe)
    assert "kQ-2B" not in found.header("x-url") + found.body.decode("latin-1")
    assert found.body.endswith(b"\xff")
    assert without_recipient(seen, Probe("GET", probe.path)) == seen, "the safe request has nobody in it"


def test_a_redirect_to_the_same_url_stays_one():
    probe = first(f"/ls/click?upn={TOKEN}")
    seen = HttpObservation(VANTAGE, "answered", "x", "", 301, (("location", f"https://{HOST}{probe.path}"),))
    assert without_recipient(seen, probe).header("location") == f"https://{HOST}/(canary-1)?(query)"


def test_short_words_of_the_sender_stay():
    probe = first("/f/a/AAAAtokenOfTheFirst")
    seen = HttpObservation(VANTAGE, "answered", "x", "", 404, (), b"a page of /f/a/")
    assert without_recipient(seen, probe).body == seen.body
    both = [
        {"url": f"https://{HOST}/tracking/{token}", "leads_to": f"https://a.test/{token[0]}"}
        for token in ("aaaaaaaaa", "bbbbbbbbb")
    ]
    given = parse({"version": 1, "endpoints": [{"id": "e", "host": HOST, "canaries": both}]})
    seen = HttpObservation(VANTAGE, "answered", "x", "", 404, (), b"tracking aaaaaaaaa bbbbbbbbb /tracking/bbbbbbbbb")
    for _, probe in canary_probes(given.endpoints[0]):
        # an edge that mixes answers up gives one recipient's to the other
        assert without_recipient(seen, probe).body == b"tracking (canary-1) (canary-2) /(canary-2)"
