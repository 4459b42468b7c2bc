"""Answers of edges and senders: each known mark is its own finding, and another's page is never a pass."""

from __future__ import annotations

import pytest

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.world import World, errors, expect, rules

HOST = "url.example.test"
MSYS = {"Server": "msys-http", "Content_Type": "text/plain"}


# As Debian 12's Varnish 7.1.1 and lighttpd 1.4.69 gave them.
VARNISH = (
    b"<!DOCTYPE html>\n<html>\n  <head>\n    <title>503 Backend fetch failed</title>\n  </head>\n  <body>\n    <h1>Error 503 Backend fetch failed</h1>\n"
    b"    <p>Backend fetch failed</p>\n    <h3>Guru Meditation:</h3>\n    <p>XID: 3</p>\n    <hr>\n    <p>Varnish cache server</p>\n  </body>\n</html>\n"
)
LIGHTTPD = (
    b'<?xml version="1.0" encoding="iso-8859-1"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"\n'
    b' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">\n'
    b" <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n </body>\n</html>\n"
)


def probe(tmp_path, https, http=None, signs=None, **changes):
    signs = signs or changes.get("edge", "cloudfront")
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context(HOST), https=https, http=http or answer(), signs=signs)
        return world.verify(expect(endpoints=[endpoint(**changes)]), ca=authority.file)


@pytest.mark.parametrize(
    ("edge", "https", "rule"),
    [
        ("fastly", answer(500, b"Fastly error: unknown domain: url.example.test."), "http.edge-unconfigured"),
        ("fastly", answer(421, b"Requested host does not match any Subject Alternative Names (SANs)"), "http.edge-unconfigured"),
        ("keycdn", answer(403, b"", Server="keycdn-engine"), "http.edge-unconfigured"),
        ("azure", answer(404, b"Our services aren't available right now", X_Azure_Ref="x"), "http.edge-unconfigured"),
        ("azure", answer(404, b"Page not found. We weren't able to find your Azure Front Door Service configuration"), "http.edge-unconfigured"),
        ("azure", answer(502, b"Our services aren't available right now", X_Azure_Ref="x"), "http.origin-unreachable"),
        ("gcp", answer(404, b"Error 404 (Not Found)!!1"), "http.edge-unconfigured"),
        ("gcp", answer(404, b"fault filter abort", Via="1.1 google"), "http.edge-unconfigured"),
        ("gcp", answer(502, b"The server encountered a temporary error and could not complete your request."), "http.origin-unreachable"),
        ("nginx", answer(200, b"<h1>Welcome to nginx!</h1>", Server="nginx"), "http.edge-unconfigured"),
        ("nginx", answer(502, b"<center>nginx/1.22.1</center>", Server="nginx/1.22.1"), "http.origin-unreachable"),
        ("varnish", answer(503, VARNISH, Server="Varnish", Via="1.1 varnish (Varnish/7.1)", Retry_After="5"), "http.origin-unreachable"),
        ("lighttpd", answer(503, LIGHTTPD.replace(b"404 Not Found", b"503 Service Unavailable"), Server="lighttpd/1.4.69"), "http.origin-unreachable"),
        ("lighttpd", answer(500, LIGHTTPD.replace(b"404 Not Found", b"500 Internal Server Error"), Server="lighttpd/1.4.69"), "http.origin-unreachable"),
        ("lighttpd", answer(502, LIGHTTPD.replace(b"404 Not Found", b"502 Bad Gateway"), Server="lighttpd/1.4.69"), "http.origin-unreachable"),
        ("lighttpd", answer(404, LIGHTTPD, Server="lighttpd/1.4.69"), "http.edge-unconfigured"),
        ("h2o", answer(502, b"connection failed", Server="h2o/2.2.5"), "http.origin-unreachable"),
        ("h2o", answer(502, b"I/O error (head)", Server="h2o/2.2.5"), "http.origin-unreachable"),
        ("h2o", answer(502, b"failed to parse the response", Server="h2o/2.2.5"), "http.origin-unreachable"),
        ("h2o", answer(404, b"not found", Server="h2o/2.2.5"), "http.edge-unconfigured"),
        ("cloudfront", answer(504, b"", Server="CloudFront", X_Amz_Cf_Id="x"), "http.origin-unreachable"),
        ("cloudflare", answer(522, b"error code: 522", CF_Ray="x"), "http.origin-unreachable"),
        ("cloudfront", answer(403, b"The request could not be satisfied: not configured to allow the HTTP request method", Server="CloudFront"), "http.method-blocked"),
    ],
)  # fmt: skip
def test_each_edges_own_page_is_recognised(tmp_path, edge, https, rule):
    result = probe(tmp_path, https, edge=edge)
    assert errors(result) == {rule}


@pytest.mark.parametrize(
    "https",
    [
        answer(404, b"<center>nginx/1.22.1</center>", Server="nginx"),
        answer(500, b"an error of the origin"),
        answer(403, b"forbidden by the origin"),
        answer(503, VARNISH, Server="Varnish"),
        answer(404, LIGHTTPD, Server="nginx"),
        answer(502, b"connection failed", Server="h2o/2.2.5"),
    ],
)
def test_an_origins_stock_page_behind_another_edge_is_unknown_not_the_edges_fault(tmp_path, https):
    result = probe(tmp_path, https)
    assert (result.verdict, result.findings) == ("not-proven", ())


@pytest.mark.parametrize(
    "https", [answer(404, b"this link was not found", Server="h2o/2.2.5"), answer(Server="h2o/2.2.5")]
)
def test_what_h2o_forwards_under_its_own_name_is_no_page_of_its_own(tmp_path, https):
    """It writes `Server: h2o` on the sender's answers too."""
    assert errors(probe(tmp_path, https, edge="h2o")) == set()


@pytest.mark.parametrize(
    ("edge", "signs", "https", "expected", "verdict"),
    [
        ("cloudfront", "fastly", answer(), {"http.wrong-edge"}, "differs"),
        ("cloudfront", "nobody", answer(X_Served_By="app-17"), {"http.wrong-edge"}, "differs"),
        ("cloudfront", "cloudfront", answer(CF_Ray="x"), set(), "proven"),
        ("cloudfront", "gcp", answer(), {"http.wrong-edge"}, "differs"),
        ("cloudflare", "nobody", answer(Server="nginx"), {"http.wrong-edge"}, "differs"),
        ("azure", "nobody", answer(), {"http.wrong-edge"}, "differs"),
        ("gcp", "nobody", answer(Via="1.1 varnish"), {"http.wrong-edge"}, "differs"),
        ("fastly", "fastly", answer(), set(), "proven"),
        ("fastly", "cloudflare", answer(), {"http.wrong-edge"}, "differs"),
        # whose configuration may take its sign away
        ("fastly", "nobody", answer(), set(), "not-proven"),
        ("keycdn", "nobody", answer(), set(), "not-proven"),
        # which has none
        ("nginx", "gcp", answer(), set(), "proven"),
        ("nginx", "nobody", answer(), set(), "proven"),
    ],
)
def test_the_declared_edges_own_sign_is_needed_where_it_has_one(tmp_path, edge, signs, https, expected, verdict):
    result = probe(tmp_path, https, https, signs=signs, edge=edge)
    assert (errors(result), result.verdict) == (expected, verdict)


def test_a_path_that_the_sender_does_not_know_was_changed_on_the_way(tmp_path):
    reached = answer(302, b"", **MSYS)
    assert rules(probe(tmp_path, reached, reached, sender="sparkpost")) == set()
    lost = probe(tmp_path, answer(404, b"", **MSYS), reached, sender="sparkpost")
    # only inferred, so it is said, and the answer still counts as unknown
    assert (rules(lost), errors(lost), lost.verdict) == ({"http.path-dropped"}, set(), "not-proven")
    elsewhere = probe(tmp_path, answer(404, b"", Server="nginx"), reached, sender="sparkpost")
    assert (elsewhere.verdict, errors(elsewhere)) == ("not-proven", set())


def test_https_redirected_to_http_is_a_warning_and_elsewhere_is_not(tmp_path):
    down = answer(301, b"", Location="http://url.example.test{target}")
    result = probe(tmp_path, down)
    assert (rules(result), result.verdict) == ({"http.redirects-to-http"}, "proven")
    away = probe(tmp_path, answer(302, b"", Location="http://shop.test/"))
    assert rules(away) == set()


@pytest.mark.parametrize(
    ("header", "txt", "expected", "verdict"),
    [
        ("n1", None, set(), "proven"),
        (None, "n1", set(), "proven"),
        ("n2", "n1", {"http.wrong-owner"}, "differs"),
        ("n1", "n2", {"dns.wrong-owner"}, "differs"),
        (None, None, set(), "not-proven"),
    ],
)
def test_the_nonce_tells_whose_zone_and_whose_edge_it_is(tmp_path, header, txt, expected, verdict):
    authority = Authority(tmp_path)
    answered = answer(**({"X_Linkproof": header} if header else {}))
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("_linkproof.url.example.test.", "TXT", [f'"{txt}"'] if txt else None)
        Edge(world, authority.context(HOST), https=answered, http=answered)
        result = world.verify(expect(endpoints=[endpoint(nonce="n1")]), ca=authority.file)
    assert (errors(result), result.verdict) == (expected, verdict)


SES = {"X_Amz_Ses_Region": "eu-west-1", "X_Amz_Ses_Request_Protocol": "https"}


def test_the_protocol_that_an_edge_used_toward_ses_is_told(tmp_path):
    whole = answer(200, b"", **SES)
    proven = probe(tmp_path, whole, whole, sender="ses")
    assert (rules(proven), proven.verdict) == (set(), "proven")
    plain = probe(tmp_path, answer(200, b"", **SES | {"X_Amz_Ses_Request_Protocol": "http"}), whole, sender="ses")
    assert (rules(plain), errors(plain), plain.verdict) == ({"http.plain-to-sender"}, set(), "proven")
    (finding,) = plain.findings
    assert finding.observed == "x-amz-ses-request-protocol: http"


def test_an_answer_of_ses_does_not_show_that_the_host_is_attached_and_that_is_said(tmp_path):
    whole = answer(200, b"", **SES)
    said = [cell.reason for cell in probe(tmp_path, whole, whole, sender="ses").cells if cell.state == "optional"]
    assert any("redirect domain" in reason and "edge is not told" in reason for reason in said), said
    other = [cell.reason for cell in probe(tmp_path, answer()).cells if cell.state == "optional"]
    assert not any("redirect domain" in reason for reason in other)
