"""Real links that lead to known places: what an edge does to them on the way, and what it must not be blamed for."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from linkproof.verify.replay import judge_again
from linkproof.verify.report.registry import FORMATS, produce

from tests.verify.certificates import Authority
from tests.verify.edges import BAD_HOSTNAME, WRONG_LINK, answer, endpoint
from tests.verify.routes import Routes, is_probe, redirect
from tests.verify.world import World, errors, expect, record, rules

HOST = "url.example.test"
FIRST, SECOND = "u001.firstRecipientsToken", "u001.secondRecipientsToken"
PAGES = {FIRST: "https://shop.example.test/a?utm_source=mail", SECOND: "https://shop.example.test/b"}


def canaries(scheme="https"):
    return [
        {"url": f"{scheme}://{HOST}/ls/click?upn={FIRST}", "leads_to": "https://shop.example.test/a"},
        {"url": f"{scheme}://{HOST}/ls/click?upn={SECOND}", "leads_to": "https://shop.example.test/b"},
    ]


def sendgrid(path):
    """What the sender answers to the path that reaches it."""
    parts = urlsplit(path)
    if parts.path != "/ls/click":
        return answer(404, b"<h1>404 Not Found</h1>")
    token = parse_qs(parts.query).get("upn", [""])[0]
    return redirect(PAGES[token]) if token in PAGES else answer(404, WRONG_LINK)


def without_query(path):
    return sendgrid(path.partition("?")[0])


def without_path(path):
    # the probe is served from somewhere, so that it alone would look right
    return answer() if is_probe(path) else sendgrid("/")


class Cache:
    """Keeps one redirect per path, and forgets that the query tells recipients apart."""

    def __init__(self):
        self.kept = {}

    def __call__(self, path):
        if is_probe(path):
            return sendgrid(path)
        return self.kept.setdefault(path.partition("?")[0], sendgrid(path))


def only_first(path):
    return answer(404, WRONG_LINK) if SECOND in path else sendgrid(path)


def follow(tmp_path, handle, *, save=None, **changes):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        edge = Routes(world, authority.context(HOST), handle)
        item = endpoint(**{"canaries": canaries(), **changes})
        result = world.verify(expect(endpoints=[item]), ca=authority.file, save=save)
    return result, [path for path in edge.paths if not is_probe(path)]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_canaries_that_lead_where_declared_are_right_and_asked_once_each(tmp_path, scheme):
    result, asked = follow(tmp_path, sendgrid, canaries=canaries(scheme))
    assert (result.verdict, result.findings) == ("proven", ())
    assert asked == [f"/ls/click?upn={FIRST}", f"/ls/click?upn={SECOND}"]
    followed = [cell for cell in result.cells if cell.id == "link/edge/canaries"]
    assert [(cell.state, cell.vantage.transport) for cell in followed] == [("right", scheme)] * 2


@pytest.mark.parametrize(
    ("handle", "rule"),
    [
        (without_query, "http.query-dropped"),
        (without_path, "http.path-dropped"),
        (Cache(), "http.cached"),
        # somebody else's redirect was in the cache before
        (lambda path: sendgrid(path) if is_probe(path) else redirect("https://shop.example.test/z"), "http.cached"),
        (lambda path: sendgrid(path).replace(b"https://shop", b"https://shop2"), "http.location-rewritten"),
        (lambda path: sendgrid(path).replace(b"https://shop", b"http://shop"), "http.location-rewritten"),
        (lambda path: sendgrid(path).replace(b"Content-Length", b"Age: 7\r\nContent-Length") if path.endswith("Token") else sendgrid(path), "http.cached"),
        # the safe request's own answer is in the cache, and is everybody's
        (lambda path: sendgrid("/ls/click?upn=").replace(b"Content-Length", b"X-Cache: Hit from cloudfront\r\nContent-Length") if path.endswith("Token") else sendgrid(path), "http.cached"),
        (lambda path: sendgrid(path) if is_probe(path) else answer(404, BAD_HOSTNAME), "http.host-not-forwarded"),
        (lambda path: sendgrid(path) if is_probe(path) else redirect(path), "http.redirect-loop"),
        (lambda path: sendgrid(path) if is_probe(path) else answer(403, b"The request could not be satisfied", Server="CloudFront"), "http.edge-unconfigured"),
    ],
)  # fmt: skip
def test_what_an_edge_does_to_a_real_link(tmp_path, handle, rule):
    result, _ = follow(tmp_path, handle)
    assert errors(result) == {rule}
    assert {finding.id for finding in result.findings} == {"link/edge/canaries"}
    assert result.findings[0].affects == ("link/edge",)


@pytest.mark.parametrize(
    ("handle", "said"),
    [
        (only_first, "canary 2: HTTP 404 without a redirect (wrong-link), while another leads where it should"),
        (lambda path: sendgrid(path) if is_probe(path) else answer(403, b"are you a robot?"), "nobody can tell"),
        (lambda path: sendgrid(path) if is_probe(path) else answer(503, b"busy"), "nobody can tell"),
        (lambda path: sendgrid(path) if is_probe(path) else redirect(f"http://{HOST}{path}"), "changes the scheme first"),
        (lambda path: sendgrid(path) if is_probe(path) else b"", "closed without an answer"),
    ],
)  # fmt: skip
def test_what_nobody_can_tell_is_no_finding_and_no_pass(tmp_path, handle, said):
    result, _ = follow(tmp_path, handle)
    assert (result.verdict, result.findings) == ("not-proven", ())
    assert any(said in item.reason for item in result.could_not_check)


def test_destinations_may_have_queries_of_their_own_but_not_other_ones(tmp_path):
    wanted = canaries()
    wanted[0]["leads_to"] += "?utm_source=mail"
    assert follow(tmp_path, sendgrid, canaries=wanted)[0].verdict == "proven"
    wanted[0]["leads_to"] += "2"
    assert rules(follow(tmp_path, sendgrid, canaries=wanted)[0]) == {"http.location-rewritten"}


def intercepting(path):
    """An edge with an error page of its own; redirects come through."""
    return answer(404, b"<h1>Sorry</h1>") if is_probe(path) else sendgrid(path)


def test_an_error_page_in_place_of_the_sender_s_shows_by_links_that_work(tmp_path):
    both = [canaries("http")[0], canaries("https")[1]]
    (tmp_path / "without").mkdir()
    (tmp_path / "broken").mkdir()
    result, _ = follow(tmp_path, intercepting, canaries=both)
    assert (rules(result), errors(result), result.could_not_check) == ({"http.errors-intercepted"}, set(), ())
    found = result.findings[0]
    assert (
        found.observed == "HTTP 404 with an error page that is not sendgrid's, while every canary leads where it should"
    )
    without, _ = follow(tmp_path / "without", intercepting, canaries=[])
    assert (rules(without), without.verdict) == (set(), "not-proven")
    broken, _ = follow(tmp_path / "broken", lambda path: intercepting(path).replace(b"https://shop", b"https://x"))
    assert rules(broken) == {"http.location-rewritten"}, "then nobody can tell who answers the probe"


def test_without_canaries_nothing_is_clicked_and_it_is_said(tmp_path):
    result, asked = follow(tmp_path, without_query, canaries=[])
    assert (result.verdict, asked) == ("proven", [])
    said = [item.reason for item in result.optional if item.id == "links"]
    for words in ("query strings", "User-Agent", "cookies", "421", "writes https://"):
        assert any(words in reason for reason in said), words
    named, _ = follow(tmp_path, sendgrid)
    said = [item.reason for item in named.optional if item.id == "links"]
    assert len(said) == 7
    assert not any("query strings" in reason or "writes https://" in reason for reason in said)


def test_an_endpoint_with_an_error_gets_no_click(tmp_path):
    result, asked = follow(tmp_path, lambda _: answer(404, BAD_HOSTNAME))
    assert (errors(result), asked) == ({"http.host-not-forwarded"}, [])
    assert any(item.id == "link/edge/canaries" for item in result.could_not_check)


@pytest.mark.parametrize(
    ("phase", "scheme", "expected"),
    [
        ("secured", "http", {"app.not-secured"}),
        ("secured", "https", set()),
        ("live", "http", set()),
    ],
)
def test_a_secured_link_is_written_with_https(tmp_path, phase, scheme, expected):
    result, asked = follow(tmp_path, sendgrid, phase=phase, canaries=canaries(scheme))
    assert errors(result) == expected
    assert len(asked) == 2, "mail already sent must work all the same"


def test_how_the_sender_writes_a_link_that_no_mail_has_yet_is_not_judged(tmp_path):
    result, _ = follow(tmp_path, sendgrid, phase="secured", canaries=canaries("http"), in_use=False)
    assert errors(result) == set()
    unsampled, _ = follow(tmp_path, sendgrid, canaries=[], in_use=False)
    assert not any("writes https://" in item.reason for item in unsampled.optional)


def test_what_is_right_is_not_clicked_again_while_something_else_is_waited_for(tmp_path):
    authority = Authority(tmp_path)
    previous = [{"record": "link/click", "values": ["old.vendor.test."], "changed_at": "2026-11-22T10:00:00Z"}]
    with World(tmp_path) as world:
        edge = Routes(world, authority.context(HOST), lambda path: answer(404, b"?") if port_80_is_odd and is_probe(path) else sendgrid(path))  # fmt: skip
        port_80_is_odd = True

        class Clock:
            rounds = 0

            moment = datetime.now(UTC)

            def now(self):
                return self.moment

            async def sleep(self, seconds):
                nonlocal port_80_is_odd
                self.rounds += 1
                self.moment += timedelta(seconds=seconds)
                port_80_is_odd = self.rounds < 2

        items = expect(record(), endpoints=[endpoint(canaries=canaries())], previous=previous)
        folder = tmp_path / "evidence"
        result = world.verify(items, ca=authority.file, clock=Clock(), wait_seconds=60, save=folder)
    assert (result.verdict, result.timing["rounds"]) == ("proven", 3)
    assert [path for path in edge.paths if "Token" in path] == [f"/ls/click?upn={FIRST}", f"/ls/click?upn={SECOND}"]
    assert judge_again(folder).result == result


@pytest.mark.parametrize("handle", [sendgrid, without_query, Cache(), only_first])
def test_a_kept_run_tells_no_recipient_and_is_judged_the_same_again(tmp_path, handle):
    asked = []

    def echo(path):
        # an edge that mixes up whom it answers tells anybody about everybody
        asked.append(path)
        path = " ".join(asked[-9:])
        head, _, body = handle(asked[-1]).partition(b"\r\n\r\n")
        head = head.split(b"\r\n")
        line = [one for one in head if not one.startswith(b"Content-Length")]
        more = path.encode() + path.replace("=", "&#61;").encode()
        return b"\r\n".join([*line, b"X-Original-Url: " + path.encode()]) + b"\r\n\r\n" + body + more

    folder = tmp_path / "evidence"
    result, _ = follow(tmp_path, echo, save=folder)
    kept = "".join(file.read_text() for file in folder.iterdir()) + repr(result) + repr(result.to_json())
    bodies = [base64.urlsafe_b64decode(part) for part in re.findall(r'"body":"([^"]*)"', kept)]
    assert len(bodies) >= 4
    kept += b"".join(bodies).decode("latin-1")
    assert "RecipientsToken" not in kept
    judged = judge_again(folder)
    assert judged.result == result
    assert judged.result.cells == result.cells


@pytest.mark.parametrize("name", FORMATS)
def test_no_report_tells_a_recipient(tmp_path, name):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Routes(world, authority.context(HOST), lambda path: answer(404, WRONG_LINK + path.encode()))
        expectations = expect(endpoints=[endpoint(canaries=canaries())])
        result = world.verify(expectations, ca=authority.file)
    assert errors(result) == {"http.query-dropped"}
    text = produce(name, result, expectations, datetime.now(UTC))
    assert "RecipientsToken" not in text
    assert "link/edge/canaries" in text


def test_the_command_of_a_finding_names_a_variable_and_no_recipient(tmp_path):
    result, _ = follow(tmp_path, without_query)
    assert {finding.reproduce.rpartition(" | ")[0].rpartition(" ")[2] for finding in result.findings} == {'"$CANARY_1"', '"$CANARY_2"'}  # fmt: skip


@pytest.mark.parametrize(("path", "expected"), [("/f/a/{}", set()), ("/f/a", {"http.path-dropped"})])
def test_a_sender_whose_token_is_in_the_path(tmp_path, path, expected):
    tokens = {
        "AAAAtokenOfTheFirst": "https://shop.example.test/a",
        "BBBBtokenOfTheSecond": "https://shop.example.test/b",
    }
    marks = {"Server": "msys-http", "Content_Type": "text/plain"}

    def sparkpost(asked):
        if asked == "/f/a/b/c/d":
            return answer(302, b"", **marks)
        # the edge keeps the path, or what is left of it
        token = path.format(asked.rpartition("/")[2]).rpartition("/")[2]
        return redirect(tokens[token], **marks) if token in tokens else answer(404, b"", **marks)

    named = [{"url": f"https://{HOST}/f/a/{token}", "leads_to": page} for token, page in tokens.items()]
    result, _ = follow(tmp_path, sparkpost, sender="sparkpost", canaries=named)
    assert errors(result) == expected


@pytest.mark.parametrize(("age", "expected"), [("10", set()), ("11", {"http.cached"})])
def test_a_cache_that_the_sender_asks_for_is_no_fault(tmp_path, age, expected):
    kept = answer(302, b"", Server="msys-http", Content_Type="text/plain", Age=age, X_Cache="Hit from cloudfront")
    assert rules(follow(tmp_path, lambda _: kept, sender="sparkpost", canaries=[])[0]) == expected


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"edge": None, "phase": "secured"}, 1),
        ({"edge": None, "phase": "branded"}, 0),
        ({"edge": None, "sender": "karte"}, 0),
        ({"edge": None, "sender": None}, 0),
    ],
)
def test_without_an_edge_of_ones_own_only_the_https_switch_is_left_unseen(tmp_path, changes, said):
    result, _ = follow(tmp_path, sendgrid, canaries=[], **changes)
    reasons = [item.reason for item in result.optional if item.id == "links"]
    assert [("writes https://" in reason) for reason in reasons] == [True] * said


SES = b"HTTP/1.1 200 OK\r\nx-amz-ses-region: eu-west-1\r\nx-amz-ses-request-protocol: https\r\n\r\n"
SES_PAGES = {
    f"/CL0/https:%2F%2Fshop.example.test%2F{page}/1/0100018f{page * 8}-000000/{page * 12}=385": page for page in "ab"
}


def ses(tmp_path, lead, **changes):
    """Links that hold their own destination in their path; `lead` makes the Location from the page and the path."""

    def handle(path):
        return SES if path.startswith("/favicon.ico") else redirect(lead(SES_PAGES[path], path))

    links = [
        {"url": f"https://{HOST}{path}", "leads_to": changes.get(page, f"https://shop.example.test/{page}")}
        for path, page in SES_PAGES.items()
    ]
    return follow(tmp_path, handle, sender="ses", canaries=links)[0]


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        (lambda page, _: f"https://shop.example.test/{page}", set()),
        (lambda page, _: f"HTTPS://SHOP.example.test:443/{page}?utm_source=mail", set()),
        (lambda page, _: f"https://shop.example.test/{page}/x", {"http.location-rewritten"}),
        (lambda page, _: f"https://shop2.example.test/{page}", {"http.location-rewritten"}),
        (lambda page, path: path, {"http.redirect-loop"}),
        (lambda page, path: f"https://{HOST}{path}", {"http.redirect-loop"}),
    ],
)
def test_a_link_that_holds_its_destination_is_no_loop(tmp_path, lead, expected):
    result = ses(tmp_path, lead)
    assert errors(result) == expected
    assert result.verdict == ("differs" if expected else "proven")


def test_a_link_whose_destination_is_declared_otherwise_leads_elsewhere_and_is_no_loop(tmp_path):
    """What the link itself says is not what was declared: the token stays hidden, the place on another host stays one."""
    result = ses(tmp_path, lambda page, _: f"https://shop.example.test/{page}", a="https://other.example.test/a")
    assert errors(result) == {"http.location-rewritten"}
    assert "0100018f" not in str([finding.observed for finding in result.findings])


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://shop.example.test/%63af%c3%a9?x=%7e", set()),
        ("https://shop.example.test/caf\u00c3\u00a9?x=~", set()),  # raw UTF-8
        ("https://shop.example.test/./b/../caf%C3%A9?x=~", set()),
        ("https://SHOP.example.test:443/caf%C3%A9?x=~", set()),
        ("https://shop.example.test/caf\u00e9?x=~", {"http.location-rewritten"}),  # raw latin-1, another octet
        ("https://shop.example.test//caf%C3%A9?x=~", {"http.location-rewritten"}),
        ("https://shop.example.test/caf%C3%A9?x=%2B", {"http.location-rewritten"}),
        ("https://shop.example.test:8443/caf%C3%A9?x=~", {"http.location-rewritten"}),
    ],
)
def test_destinations_are_compared_as_urls_and_octet_by_octet(tmp_path, location, expected):
    wanted = canaries()
    wanted[0]["leads_to"] = "https://shop.example.test/caf%C3%A9?x=~"
    result, _ = follow(tmp_path, lambda path: redirect(location) if FIRST in path else sendgrid(path), canaries=wanted)
    assert errors(result) == expected
