"""From a click at the sender's server to a signed post at the hook, which the vendor's own library verifies."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from linkproof_lab.senders.sendgrid.control_plane.events import KIND as EVENT
from linkproof_lab.senders.sendgrid.control_plane.posting import body_of
from linkproof_lab.senders.sendgrid.facts import PARENT
from linkproof_lab.senders.sendgrid.links import make_link
from linkproof_lab.web import origins
from sendgrid.helpers.eventwebhook import EventWebhook

from tests.lab.sendgrid.hook import Hook, listening

HOST = "url1.example.net"
SIGNATURE, TIMESTAMP = (f"X-Twilio-Email-Event-Webhook-{name}" for name in ("Signature", "Timestamp"))


@pytest.fixture
def hook() -> Iterator[Hook]:
    with listening() as made:
        yield made


@pytest.fixture
def clicked(lab: Any) -> Iterator[Any]:
    """A function that clicks a link, or opens a mail, at the sender's own server."""
    link = lab.link("url1")
    lab.publish_link(link)
    lab.call("POST", f"whitelabel/links/{link['id']}/validate")
    running = lab.run(origins.start(lab.settings, lab.store))
    at = f"http://{lab.settings.origin_addresses('sendgrid')[0]}:{lab.settings.http_port}"

    def click(path: str = "") -> None:
        way = path or make_link(lab.store, HOST, "https://example.com/page")
        httpx.get(at + way, headers={"Host": HOST, "User-Agent": "reader/1"}, trust_env=False)

    yield click
    lab.run(running.stop())


def posted(hook: Hook, number: int) -> list[tuple[dict[str, str], bytes]]:
    until = time.monotonic() + 20
    while sum(len(one.events) for one in hook.posts) < number:
        assert time.monotonic() < until, hook.posts
        time.sleep(0.05)
    return [(one.headers, one.body) for one in hook.posts]


def test_a_click_is_posted_signed_and_verified_over_the_raw_body(lab: Any, hook: Hook, clicked: Any) -> None:
    made = lab.call("POST", "user/webhooks/event/settings", {"url": hook.url, "click": True}).json()
    key = lab.call("PATCH", f"user/webhooks/event/settings/signed/{made['id']}", {"enabled": True}).json()["public_key"]
    clicked()
    ((headers, body),) = posted(hook, 1)
    (event,) = json.loads(body)
    assert (event["event"], event["url"], event["useragent"]) == ("click", "https://example.com/page", "reader/1")
    assert body.endswith(b"]\r\n")
    checker = EventWebhook(key)
    assert checker.verify_signature(body.decode(), headers[SIGNATURE], headers[TIMESTAMP])
    assert not checker.verify_signature(body.decode().rstrip(), headers[SIGNATURE], headers[TIMESTAMP])


def test_only_what_a_webhook_wants_is_posted_and_unsigned_where_that_is_off(lab: Any, hook: Hook, clicked: Any) -> None:
    lab.call("POST", "user/webhooks/event/settings", {"url": hook.url, "open": True})
    lab.call("POST", "user/webhooks/event/settings", {"url": hook.url, "open": True, "enabled": False})
    clicked()
    clicked(make_link(lab.store, HOST, "https://example.com/").replace("/ls/click", "/wf/open"))
    ((headers, body),) = posted(hook, 1)
    assert [one["event"] for one in json.loads(body)] == ["open"]
    assert SIGNATURE not in headers


def test_events_of_another_user_are_not_posted(lab: Any, hook: Hook, clicked: Any) -> None:
    lab.subuser("news")
    lab.call("POST", "user/webhooks/event/settings", {"url": hook.url, "click": True}, user="news")
    own = lab.call("POST", "user/webhooks/event/settings", {"url": f"{hook.url}/own", "click": True}).json()
    clicked()
    posted(hook, 1)
    assert own["url"].endswith("/own")
    assert len(hook.posts) == 1


def test_a_report_of_spam_is_posted_where_its_setting_is_on(lab: Any, hook: Hook) -> None:
    lab.call("POST", "user/webhooks/event/settings", {"url": hook.url, "spam_report": True})
    lab.store.put(EVENT, "one", {"user": PARENT, "body": {"event": "spamreport"}})
    ((_, body),) = posted(hook, 1)
    assert [one["event"] for one in json.loads(body)] == ["spamreport"]


def test_each_event_ends_with_a_line_end() -> None:
    assert body_of([{"a": 1}, {"b": 2}]) == b'[{"a":1},\r\n{"b":2}]\r\n'
