"""The API's client against answers that no API should give: what may have worked is never asked for twice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from linkproof.senders.sendgrid.api import SendGridApi, SendGridError, UnknownOutcomeError, WaitingHere

KEY = "SG.planted-key"


def answer(status: str, body: str = "", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", body]
    return "\r\n".join(lines).encode()


@pytest.fixture
def serving() -> Iterator[Callable[..., tuple[SendGridApi, list[bytes]]]]:
    """A server that gives these answers, the last for ever; an empty one closes the connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    seen: list[bytes] = []

    def begin(*answers: bytes) -> tuple[SendGridApi, list[bytes]]:
        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    seen.append(connection.recv(65536))
                    connection.sendall(answers[min(len(seen), len(answers)) - 1])

        threading.Thread(target=serve, daemon=True).start()
        return SendGridApi(f"http://127.0.0.1:{listener.getsockname()[1]}", KEY), seen

    yield begin
    listener.close()


NOT_SURE = [
    b"",
    answer("500 Error"),
    answer("302 Found", "", "Location: tel:+15550100"),
    answer("302 Found", "", "Location: https://elsewhere.example/"),
    answer("200 OK", "<html>"),
]


@pytest.mark.parametrize("given", NOT_SURE)
def test_a_post_that_may_have_worked_is_sent_once(serving: Any, given: bytes) -> None:
    api, seen = serving(given)
    with pytest.raises(UnknownOutcomeError):
        api.call("POST", "whitelabel/links", WaitingHere(5), {"domain": "example.net"})
    assert len(seen) == 1


def test_a_read_is_asked_again_after_a_lost_answer(serving: Any) -> None:
    api, seen = serving(b"", answer("503 Busy"), answer("200 OK", '{"a": 1}'))
    assert api.call("GET", "scopes", WaitingHere(20)) == {"a": 1}
    assert len(seen) == 3


def test_a_refusal_for_the_limit_is_waited_out_by_the_server_s_own_clock(serving: Any) -> None:
    limited = answer("429 Too Many", "{}", "X-RateLimit-Reset: 1764000001", "Date: Mon, 24 Nov 2025 16:00:00 GMT")
    api, seen = serving(limited, answer("201 Created", '{"id": 1}'))
    assert api.call("POST", "whitelabel/links", WaitingHere(30), {}) == {"id": 1}
    assert len(seen) == 2, "a refused POST was not carried out"


def test_a_wait_that_is_too_long_is_said_and_not_begun(serving: Any) -> None:
    api, seen = serving(
        answer("429 Too Many", "{}", "X-RateLimit-Reset: 1764003600", "Date: Mon, 24 Nov 2025 16:00:00 GMT")
    )
    with pytest.raises(SendGridError, match="the rate limit is used up for 3600 s"):
        api.call("GET", "scopes", WaitingHere(5))
    assert len(seen) == 1


def test_the_key_is_sent_and_never_said(serving: Any) -> None:
    api, seen = serving(answer("400 Bad", f'{{"errors": [{{"field": "x", "message": "no \\u001b[31m {KEY}"}}]}}'))
    with pytest.raises(SendGridError) as refused:
        api.call("POST", "api_keys", WaitingHere(5), {})
    assert f"Bearer {KEY}".encode() in seen[0]
    assert "x: no" in str(refused.value)
    assert KEY not in str(refused.value)
    assert "\x1b" not in str(refused.value)


def test_a_redirect_is_no_deletion(serving: Any) -> None:
    api, _ = serving(answer("302 Found", "", "Location: https://elsewhere.example/"))
    with pytest.raises(SendGridError, match="a redirect"):
        api.call("DELETE", "whitelabel/links/1", WaitingHere(5))
