"""What one answer of an edge means: judged from the answer alone, so that every form of every edge can stand here."""

from __future__ import annotations

from pathlib import Path

import pytest
from linkproof.expectations.model import parse
from linkproof.verify.judge.http import judge_http
from linkproof.verify.marks import EDGE_ANSWERS, Answers, Probe, edge_answers, sender_answers
from linkproof.verify.observations.edge import HttpObservation
from linkproof.verify.observations.vantage import Reachability, Vantage

HOST = "url.example.test"
EDGES = {name: edge_answers(name) for name in EDGE_ANSWERS}
PATH = "/ls/click?upn=&linkproof=nonce"
WRONG_LINK = b"<title>Wrong Link</title><p>You have clicked on an invalid link.</p>"
SIGN = {"cloudfront": ("X-Amz-Cf-Id", "x"), "cloudflare": ("CF-Ray", "8f1014c5d1016abc-FRA")}
ALL = {
    "X-Amz-Cf-Id": "x",
    "CF-Ray": "8f1014c5d1016abc-FRA",
    "X-Azure-Ref": "x",
    "Via": "1.1 google",
    "X-Served-By": "cache-x",
}


def seen(status=404, body=WRONG_LINK, scheme="https", path=PATH, **headers):
    given = tuple((name.replace("_", "-").lower(), value) for name, value in headers.items())
    url = f"{scheme}://{HOST}{path}"
    return HttpObservation(Vantage("edge", HOST, "127.0.0.1", scheme), "answered", url, "", status, given, body)


def judge(answer, *, other=None, edge="cloudfront", sender="sendgrid"):
    item = {"id": "e", "host": HOST, "edge": edge, "sender": sender}
    endpoint = parse({"version": 1, "endpoints": [item]}).endpoints[0]
    signs = tuple((name.lower(), value) for name, value in ALL.items() if edge and edge in _owner(name))
    answer = HttpObservation(
        answer.vantage, "answered", answer.url, "", answer.status, (*signs, *answer.headers), answer.body
    )
    return judge_http(endpoint, answer, other, sender_answers(sender), EDGES, Reachability(frozenset()))


def _owner(header):
    return next(name for name, answers in EDGES.items() if any(key == header.lower() for key, _ in answers.identity))


def found(cells):
    """Rules of errors, then of warnings, then whether anything could not be checked."""
    problems = {cell.finding.rule for cell in cells if cell.finding is not None}
    warnings = {warning.rule for cell in cells for warning in cell.warnings}
    return problems, warnings, any(cell.state == "could-not-check" for cell in cells)


RIGHT = (set(), set(), False)
UNKNOWN = (set(), set(), True)


def an_error(rule):
    return {rule}, set(), False


def a_warning(rule):
    return set(), {rule}, False


# --- redirects to the own host


@pytest.mark.parametrize(
    ("scheme", "location", "expected"),
    [
        ("http", f"https://{HOST}/", an_error("http.redirect-loses-link")),
        ("http", f"https://{HOST}", an_error("http.redirect-loses-link")),
        ("http", f"https://{HOST}/ls/click", an_error("http.redirect-loses-link")),
        ("http", f"https://{HOST}/ls/click?upn=", an_error("http.redirect-loses-link")),
        ("http", f"https://{HOST}/?upn=&linkproof=nonce", an_error("http.redirect-loses-link")),
        ("http", f"https://{HOST}/ls/click/?upn=&linkproof=nonce", an_error("http.redirect-loses-link")),
        ("http", f"http://{HOST}/index.html", an_error("http.redirect-loses-link")),
        ("http", "/", an_error("http.redirect-loses-link")),
        ("https", f"http://{HOST}/", an_error("http.redirect-loses-link")),
        ("https", f"https://{HOST.upper()}:443/ls/click", an_error("http.redirect-loses-link")),
        ("https", "//" + HOST + "/", an_error("http.redirect-loses-link")),
        ("http", f"https://{HOST}{PATH}", a_warning("http.redirects-http")),
        ("http", f"HTTPS://{HOST.upper()}:8443/ls/./x/../%63lick?upn=&linkproof=nonce", a_warning("http.redirects-http")),
        ("https", f"http://{HOST}{PATH}", a_warning("http.redirects-to-http")),
        ("https", f"https://{HOST}{PATH}#top", an_error("http.redirect-loop")),
        ("https", PATH, an_error("http.redirect-loop")),
        ("http", "https://shop.example.test/", UNKNOWN),
        ("http", f"https://{HOST}.attacker.test{PATH}", UNKNOWN),
        ("http", f"https://{HOST}@shop.test/", UNKNOWN),
        ("http", "https://[", UNKNOWN),
    ],
)  # fmt: skip
def test_a_redirect_to_the_own_host_keeps_the_whole_request_or_loses_the_click(scheme, location, expected):
    assert found(judge(seen(301, b"", scheme, Location=location))) == expected


def test_there_and_back_is_a_loop_however_the_two_are_written():
    there = seen(301, b"", "http", Location=f"https://{HOST.upper()}/ls/%63lick?upn=&linkproof=nonce")
    back = seen(301, b"", "https", Location=f"http://{HOST}:80{PATH}")
    assert found(judge(there, other=back)) == an_error("http.redirect-loop")
    lost = seen(301, b"", "https", Location=f"http://{HOST}/")
    assert found(judge(there, other=lost)) == a_warning("http.redirects-http"), "the other one's fault is said there"


def test_the_number_of_a_request_is_sent_and_never_kept():
    probe = sender_answers("sendgrid").probe
    sent = probe.sent()
    number = sent.path.removeprefix("/ls/click?upn=&linkproof=")
    assert (len(number), number.isdigit(), sent.public_path) == (18, True, PATH)
    assert sent.hides[0] == (number, "nonce")
    assert probe.sent().path != sent.path
    assert Probe("GET", "/a?b").sent() == Probe("GET", "/a?b"), "a real link is asked for as it is"


# --- whose page it is


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (WRONG_LINK, RIGHT),
        (b"<html><head><title>\n Wrong  Link </title></head><body>" + b" " * 3000 + b"You have clicked on an invalid link. Please</body>", RIGHT),
        (b"Wrong Link\n", RIGHT),
        (b"<h1>Wrong Link</h1>", RIGHT),
        (b"<title>Wrong Link</title>", RIGHT),
        # a shop's own page
        (b"<title>Shop</title>" + b"<p>shoes</p>" * 350 + b"<p>Wrong Link? Try our search.</p>", UNKNOWN),
        (b"<title>Not found</title><p>Wrong Link? Try our search.</p>", UNKNOWN),
        (b"<title>Wrong Link | Shop</title><p>You have clicked on an invalid link.</p>", UNKNOWN),
        (b"<p>shoes</p>" * 400 + b"Wrong Link", UNKNOWN),
        (b"<title>Wrong Link</title>" + b"<p>shoes</p>" * 400, UNKNOWN),
        (b"<title>Shop</title>Bad Hostname in Link", UNKNOWN),
    ],
)  # fmt: skip
def test_a_senders_page_is_known_by_title_and_length_not_by_two_words(body, expected):
    assert found(judge(seen(404, body))) == expected


def test_a_host_that_the_sender_does_not_know_is_told_by_the_whole_page():
    page = b"<title>Bad Hostname in Link</title><p>You have clicked on a link that contains a bad hostname.</p>"
    assert found(judge(seen(404, page))) == an_error("http.host-not-forwarded")
    body = {"Server": "nginx", "X_Robots_Tag": "noindex", "Content_Type": "text/plain"}
    assert found(judge(seen(200, b"", **body), sender="sparkpost")) == RIGHT
    assert found(judge(seen(200, b"robots of another site", **body), sender="sparkpost")) == UNKNOWN
    renamed = {"Server": "cloudflare", "Content_Type": "text/plain"}
    assert found(judge(seen(302, b"", **renamed), sender="sparkpost")) == RIGHT
    assert found(judge(seen(302, b"", **renamed, Location="https://shop.test/"), sender="sparkpost")) == UNKNOWN
    assert found(judge(seen(302, b"moved", **renamed), sender="sparkpost")) == UNKNOWN


CLOUDFRONT = {"Server": "CloudFront", "X_Cache": "Error from cloudfront"}
PAGE = b"<title>ERROR: The request could not be satisfied</title><h2>The request could not be satisfied.</h2>"


@pytest.mark.parametrize(
    ("edge", "answer", "expected"),
    [
        # CloudFront
        ("cloudfront", seen(503, PAGE + b"The CloudFront function associated with the CloudFront distribution is invalid or could not run.", Server="CloudFront", X_Cache="FunctionGeneratedResponse from cloudfront"), "http.edge-function"),
        ("cloudfront", seen(503, PAGE + b"The CloudFront function associated with the CloudFront distribution is invalid or could not run.", **CLOUDFRONT), "http.edge-function"),
        ("cloudfront", seen(502, PAGE, Server="CloudFront", X_Cache="LambdaValidationError from cloudfront"), "http.edge-function"),
        ("cloudfront", seen(503, PAGE, Server="CloudFront", X_Cache="FunctionThrottledError from cloudfront"), "http.edge-function"),
        ("cloudfront", seen(404, b"", Server="CloudFront", X_Cache="FunctionGeneratedResponse from cloudfront"), "http.edge-function"),
        ("cloudfront", seen(200, b"hello", Server="CloudFront", X_Cache="LambdaGeneratedResponse from cloudfront"), "http.edge-function"),
        ("cloudfront", seen(403, PAGE + b"The Amazon CloudFront distribution is configured to block access from your country.", **CLOUDFRONT), "http.blocked"),
        ("cloudfront", seen(403, PAGE + b"Request blocked. We can't connect to the server", **CLOUDFRONT), "http.blocked"),
        ("cloudfront", seen(403, PAGE + b"Bad request. We can't connect to the server", **CLOUDFRONT), "http.edge-unconfigured"),
        ("cloudfront", seen(504, PAGE, **CLOUDFRONT), "http.origin-unreachable"),
        # the origin's own 503, which passes through
        ("cloudfront", seen(503, b"busy", Server="nginx", X_Cache="Error from cloudfront"), None),
        # Cloudflare
        ("cloudflare", seen(403, b"<title>Just a moment...</title>", Cf_Mitigated="challenge"), "http.challenged"),
        ("cloudflare", seen(503, b"", Cf_Mitigated="challenge"), "http.challenged"),
        ("cloudflare", seen(530, b"error code: 1033"), "http.tunnel-down"),
        ("cloudflare", seen(530, b"<title>Cloudflare Tunnel error | x | Cloudflare</title>", Cf_Error_Type="1033"), "http.tunnel-down"),
        ("cloudflare", seen(530, b"error code: 1016"), "http.origin-dns"),
        ("cloudflare", seen(530, b'<span class="cf-error-code">1016</span> Cloudflare'), "http.origin-dns"),
        ("cloudflare", seen(403, b"error code: 1020"), "http.blocked"),
        ("cloudflare", seen(403, b"error code: 1009\n"), "http.blocked"),
        ("cloudflare", seen(429, b"error code: 1015"), "http.blocked"),
        ("cloudflare", seen(403, b"<title>Attention Required! | Cloudflare</title>Ray ID: 8f1014c5d1016abc"), "http.blocked"),
        ("cloudflare", seen(500, b"error code: 1101"), "http.edge-function"),
        ("cloudflare", seen(503, b"", Cf_Error_Type="1102"), "http.edge-function"),
        ("cloudflare", seen(409, b"error code: 1001"), "http.edge-unconfigured"),
        ("cloudflare", seen(403, b"error code: 1014"), "http.edge-unconfigured"),
        ("cloudflare", seen(403, b"<h1>Error 1014</h1> Ray ID: 8f2, Cloudflare"), "http.edge-unconfigured"),
        ("cloudflare", seen(526, b"error code: 526"), "http.origin-tls"),
        ("cloudflare", seen(522, b"<title>x | 522: Connection timed out</title>"), "http.origin-unreachable"),
        ("cloudflare", seen(502, b"error code: 502"), "http.origin-unreachable"),
        # bare digits in a Ray ID, and what nobody can tell
        ("cloudflare", seen(403, b"<p>Ray ID: 8f1014c5d1016abc, Cloudflare</p>"), None),
        ("cloudflare", seen(409, b"ray 1001"), None),
        ("cloudflare", seen(530, b""), None),
        ("cloudflare", seen(502, b"<center>nginx</center>"), None),
        ("cloudflare", seen(404, b"error code: 10140"), None),
        ("cloudflare", seen(404, b"<p>our shop's page says error code: 1014 to you, " + b"x" * 100), None),
        # others
        ("azure", seen(403, b"The request is blocked."), "http.blocked"),
        ("azure", seen(403, b"forbidden"), None),
    ],
)  # fmt: skip
def test_each_cause_has_its_own_name_and_what_is_unsure_is_unknown(edge, answer, expected):
    assert found(judge(answer, edge=edge)) == (an_error(expected) if expected else UNKNOWN)


# --- caches


@pytest.mark.parametrize(
    "headers",
    [
        {"Age": "17"},
        {"Age": "7, 9"},
        {"X_Cache": "Hit from cloudfront"},
        {"X_Cache": "Hit from cloudfront", "Age": "0"},
        {"X_Cache": "RefreshHit from cloudfront"},
        {"X_Cache": "OriginShieldHit from cloudfront"},
        {"X_Cache": "HIT"},
        {"X_Cache": "HIT, MISS"},
        {"X_Cache": "MISS, HIT"},
        {"X_Cache": "TCP_HIT"},
        {"X_Cache": "TCP_REMOTE_HIT"},
        {"X_Cache": "TCP_MEM_HIT from a23-1-2-3.deploy.akamaitechnologies.com"},
        {"X_Cache": "TCP_REFRESH_HIT"},
        {"X_Cache_Status": "HIT"},
        {"X_Cache_Status": "STALE"},
        {"X_Cache_Status": "UPDATING"},
        {"X_Proxy_Cache": "REVALIDATED"},
        {"Cf_Cache_Status": "hit"},
        {"Cf_Cache_Status": "STALE"},
        {"Cf_Cache_Status": "REVALIDATED"},
        {"Cf_Cache_Status": "UPDATING"},
        {"X_Cache_Hits": "0, 1"},
        {"X_Varnish": "32770 3"},
        {"CDN_Cache": "HIT"},
        {"Cache_Status": "ExampleCache; hit; ttl=30"},
        {"Cache_Status": 'Origin; fwd=uri-miss, "a, cache"; hit'},
        {"Cache_Status": "Nginx;hit=?1"},
        {"Cache_Status": "HIT"},
    ],
)
def test_a_hit_is_known_in_every_form(headers):
    assert found(judge(seen(**headers))) == an_error("http.cached")


@pytest.mark.parametrize(
    "headers",
    [
        {"Age": "0"},
        {"Age": "soon"},
        {"X_Cache": "Miss from cloudfront"},
        {"X_Cache": "Error from cloudfront"},
        {"X_Cache": "TCP_MISS"},
        {"X_Cache": "CONFIG_NOCACHE"},
        {"X_Cache": "PRIVATE_NOSTORE"},
        {"X_Cache": "MISS, MISS"},
        {"X_Cache": "hit-for-pass"},
        {"X_Cache": "WHITELISTED"},
        {"X_Cache_Status": "EXPIRED"},
        {"X_Cache_Status": "BYPASS"},
        {"Cf_Cache_Status": "DYNAMIC"},
        {"Cf_Cache_Status": "MISS"},
        {"X_Cache_Hits": "0, 0"},
        {"X_Varnish": "32770"},
        {"Cache_Status": "ExampleCache; fwd=uri-miss; stored; ttl=30"},
        {"Cache_Status": 'ExampleCache; fwd=miss; detail="a; hit"'},
        {"Cache_Status": "ExampleCache; hit=?0"},
    ],
)
def test_a_miss_is_none(headers):
    assert found(judge(seen(**headers))) == RIGHT


def test_an_edge_that_keeps_errors_for_its_usual_seconds_is_not_called_a_cache_of_links():
    """CloudFront keeps an origin's error for 10 s unless told not to; that costs clicks, and is not what `http.cached` says."""
    for age in ("0", "4"):
        assert found(judge(seen(404, X_Cache="Error from cloudfront", Age=age))) == a_warning("http.errors-cached")
    assert found(judge(seen(404, X_Cache="Error from cloudfront"))) == RIGHT
    assert found(judge(seen(404, X_Cache="Error from cloudfront", Age="40"))) == an_error("http.cached")
    assert found(judge(seen(404, X_Cache="Hit from cloudfront", Age="4"))) == an_error("http.cached")
    assert found(judge(seen(404, X_Cache="Error from cloudfront", Age="4"), edge="cloudflare")) == an_error(
        "http.cached"
    )
    reached = seen(302, b"", Server="msys-http", Age="11")
    assert found(judge(reached, sender="sparkpost")) == an_error("http.cached")
    assert found(judge(seen(302, b"", Server="msys-http", Age="4"), sender="sparkpost")) == RIGHT, (
        "the sender asks for 10 s"
    )


# --- somebody else's server behind the edge: bodies as Debian's packages gave them on 2026-11-29
APACHE = b"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">
<html><head>
<title>404 Not Found</title>
</head><body>
<h1>Not Found</h1>
<p>The requested URL was not found on this server.</p>
<hr>
<address>Apache/2.4.71 (Debian) Server at 127.0.0.1 Port 18082</address>
</body></html>
"""
LIGHTTPD = b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (404, APACHE, {}),
        (404, LIGHTTPD, {"Server": "lighttpd/1.4.69"}),
        (200, b"<title>Welcome to nginx!</title>", {}),
        (200, b"<title>Caddy works!</title>", {}),
        (200, b"<title>Apache2 Debian Default Page: It works</title>", {}),
        (404, b"<Error><Code>NoSuchBucket</Code></Error>", {"Server": "AmazonS3"}),
    ],
)
def test_a_stock_page_behind_an_edge_is_a_stranger_s(status, body, headers):
    assert found(judge(seen(status, body, **headers))) == an_error("http.stranger")
    # without a sender any answer that is not an edge's own counts
    assert found(judge(seen(status, body, **headers), sender=None)) == RIGHT


def test_a_sender_s_own_page_and_an_unknown_one_are_no_stranger_s():
    assert found(judge(seen(404, WRONG_LINK + APACHE))) == RIGHT
    assert found(judge(seen(404, b"<title>404 Not Found</title>", Server="nginx"))) == UNKNOWN


def test_the_answers_of_edges_name_what_they_say_for_certain():
    assert {name for name, answers in EDGES.items() if answers.is_always_signed} == {
        "azure",
        "cloudflare",
        "cloudfront",
        "gcp",
    }
    assert Answers().is_always_signed is False
    assert all(Path(file).is_file() for file in EDGE_ANSWERS.values())
