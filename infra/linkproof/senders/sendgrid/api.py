"""SendGrid's API v3 over HTTP: time-outs, patience with rate limits, and no repetition of a call that may have worked."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol

from linkproof.contract.vendor import SECRETS
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    import httpx

BASE_URLS = {"us": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
TIMEOUT_SECONDS = 30.0
CONNECT_SECONDS = 10.0
MOST_BYTES = 8 * 1024 * 1024
_TOO_MANY, _SERVER_FAULT = 429, 500
_ATTEMPTS = 6
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 20.0
_MOST_MESSAGE = 300
# What may be sent again whatever became of it: the second call leaves what the first would have left.
_REPEATABLE = frozenset({"GET", "PUT", "PATCH", "DELETE"})
_FIXES = {
    400: "correct what the message names",
    401: f"the key is unknown or revoked: set a valid one at {SECRETS}.ACCOUNT.sendgridApiKey",
    403: "give the key the scope that this needs (linkproof/senders/sendgrid/README.md), or see whether the subuser is this account's",
    404: "see whether it was deleted in the console, or belongs to another account or region",
    429: "run the same command again after that moment; all keys of the account share the limit",
}


class Waiting(Protocol):
    """How long a call may wait."""

    def left_seconds(self) -> float: ...

    def sleep(self, seconds: float) -> None:
        """Raises:
        LinkproofError: whoever waits was called off.
        """


class WaitingHere:
    """Waits in this thread, for so many seconds at most."""

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds

    def left_seconds(self) -> float:
        return max(0.0, self._deadline - time.monotonic())

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, self.left_seconds()))


class SendGridError(LinkproofError):
    """SendGrid refused a call, or gave no answer of its own.

    Args:
        status: of the answer; 0 where there was none.
        problems: field, which may be empty, and message of each, in the vendor's words.
    """

    def __init__(self, call: str, status: int, problems: tuple[tuple[str, str], ...], fix: str = "") -> None:
        said = "; ".join(f"{field}: {message}" if field else message for field, message in problems)
        super().__init__(
            f"SendGrid, {call}: {f'HTTP {status}, ' if status else ''}{said or 'no message'}",
            fix or _FIXES.get(status, "run the same command again; see https://status.sendgrid.com if it stays"),
        )
        self.status = status
        self.problems = problems


class UnknownOutcomeError(SendGridError):
    """The call may have been carried out: nothing says whether it was."""


class SendGridApi:
    """One account's API. Safe to use from several threads; the key never appears in an error."""

    def __init__(self, base_url: str, key: str) -> None:
        self._base_url = base_url.rstrip("/").removesuffix("/v3")
        self._key = key
        self._made: httpx.Client | None = None

    def call(
        self,
        method: str,
        path: str,
        waiting: Waiting,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        subuser: str = "",
    ) -> Any:
        """One call; the answer's JSON, None where it has no content.

        A refusal for the rate limit is waited out, as far as `waiting` lets. A fault of the server, or of the network, is
        asked again where asking twice does no harm; a POST only where it certainly never arrived.

        Args:
            path: below `/v3/`, its parts quoted.
            subuser: for whom the account calls.

        Raises:
            UnknownOutcomeError: it may have worked.
            SendGridError: it was refused, or the vendor cannot be reached.
        """
        import httpx

        shown = f"{method} /v3/{path.partition('?')[0]}" + (f" for subuser {subuser}" if subuser else "")
        for attempt in range(1, _ATTEMPTS + 1):
            is_last = attempt == _ATTEMPTS or waiting.left_seconds() <= 0
            try:
                status, headers, data = self._once(method, path, body, query, subuser)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                if is_last:
                    raise self._unreached(shown, error) from None
                waiting.sleep(_pause_seconds(attempt))
                continue
            except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
                if method not in _REPEATABLE:
                    raise UnknownOutcomeError(
                        shown, 0, (("", f"the answer was lost ({type(error).__name__})"),)
                    ) from None
                if is_last:
                    raise self._unreached(shown, error) from None
                waiting.sleep(_pause_seconds(attempt))
                continue
            if status == _TOO_MANY:
                wait = _reset_seconds(headers)
                if is_last or wait > waiting.left_seconds():
                    raise SendGridError(
                        shown, status, self._problems(data, f"the rate limit is used up for {wait:.0f} s")
                    )
                waiting.sleep(wait + random.uniform(0, 1 + wait / 10))  # noqa: S311 - many that wait for one moment shall not come at once
                continue
            if status >= _SERVER_FAULT:
                problems = self._problems(data)
                if method not in _REPEATABLE:
                    raise UnknownOutcomeError(shown, status, problems)
                if is_last:
                    raise SendGridError(shown, status, problems)
                waiting.sleep(_pause_seconds(attempt))
                continue
            return self._read(shown, method, status, data)
        raise AssertionError

    def _read(self, shown: str, method: str, status: int, data: bytes) -> Any:
        if status >= 400:
            raise SendGridError(shown, status, self._problems(data))
        kind = SendGridError if method in _REPEATABLE else UnknownOutcomeError
        fix = "see whether the account's baseUrl is right"
        if status >= 300:
            raise kind(shown, status, (("", "a redirect, which this API does not give"),), fix)
        if not data.strip():
            return None
        try:
            return json.loads(data)
        except ValueError:
            raise kind(shown, status, (("", "the answer is not JSON"),), fix) from None

    def _once(
        self, method: str, path: str, body: Mapping[str, Any] | None, query: Mapping[str, str] | None, subuser: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        if subuser:
            headers["on-behalf-of"] = subuser
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        url = f"{self._base_url}/v3/{path}"
        with self._client().stream(method, url, content=content, params=query, headers=headers) as response:
            data = bytearray()
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MOST_BYTES:
                    raise OSError(f"the answer is larger than {MOST_BYTES} bytes")
            return response.status_code, dict(response.headers), bytes(data)

    def _client(self) -> httpx.Client:
        import httpx

        if self._made is None:
            self._made = httpx.Client(timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS))
        return self._made

    def _unreached(self, shown: str, error: Exception) -> SendGridError:
        return SendGridError(
            shown, 0, (("", f"no answer ({type(error).__name__})"),), "see whether the API can be reached from here"
        )

    def _problems(self, data: bytes, otherwise: str = "") -> tuple[tuple[str, str], ...]:
        """The API's field messages, of an answer in its own form; the key is in none of them."""
        try:
            document = json.loads(data)
        except ValueError:
            document = None
        errors = document.get("errors") if isinstance(document, dict) else None
        found = tuple(
            (self._clean(one.get("field")), self._clean(one.get("message")))
            for one in (errors if isinstance(errors, list) else ())
            if isinstance(one, dict)
        )
        extra = (("", otherwise),) if otherwise else ()
        return (*found, *extra) or (("", "no message in the API's own form"),)

    def _clean(self, text: object) -> str:
        plain = "" if text is None else str(text)
        return "".join(c if c.isprintable() else " " for c in plain.replace(self._key, "[key]"))[:_MOST_MESSAGE]


def _pause_seconds(attempt: int) -> float:
    most = min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
    return random.uniform(most / 2, most)  # noqa: S311 - jitter


def _reset_seconds(headers: Mapping[str, str]) -> float:
    """Until the refresh of the rate limit, by the server's own clock where it says what it is."""
    reset = headers.get("x-ratelimit-reset", "")
    if not reset.isdecimal() or len(reset) > 12:
        return 1.0
    try:
        now = parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (TypeError, ValueError):
        now = time.time()
    return max(0.1, int(reset) - now)
