"""A vendor's JSON API over HTTP: time-outs, patience with rate limits, and no repetition of a call that may have worked."""

from __future__ import annotations

import json
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from linkproof.errors import LinkproofError
from linkproof.rate import Rate, bucket_of

if TYPE_CHECKING:
    import httpx

Body = Mapping[str, Any] | Sequence[Any]
"""What a call sends, as JSON."""
TIMEOUT_SECONDS = 30.0
CONNECT_SECONDS = 10.0
MOST_BYTES = 8 * 1024 * 1024
NO_MESSAGE = (("", "no message in the API's own form"),)
_TOO_MANY, _SERVER_FAULT = 429, 500
_ATTEMPTS = 6
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 20.0
_MOST_MESSAGE = 300
# What may be sent again whatever became of it: the second call leaves what the first would have left.
_REPEATABLE = frozenset({"GET", "PUT", "PATCH", "DELETE"})


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


class JsonApiError(LinkproofError):
    """A vendor refused a call, or gave no answer of its own.

    Args:
        status: of the answer; 0 where there was none.
        problems: where, which may be empty, and message of each, in the vendor's words.

    Attributes:
        vendor: as people call it.
        fixes: by status.
        otherwise: the fix of any other.
    """

    vendor: ClassVar[str]
    fixes: ClassVar[Mapping[int, str]]
    otherwise: ClassVar[str]

    def __init__(self, call: str, status: int, problems: tuple[tuple[str, str], ...], fix: str = "") -> None:
        said = "; ".join(f"{where}: {message}" if where else message for where, message in problems)
        super().__init__(
            f"{self.vendor}, {call}: {f'HTTP {status}, ' if status else ''}{said or 'no message'}",
            fix or self.fixes.get(status, self.otherwise),
        )
        self.status = status
        self.problems = problems


class JsonApi(ABC):
    """One account's API. Safe to use from several threads; the key never appears in an error.

    Attributes:
        root: what every path is below, with both slashes.
        subject: what a call may be made for (`subuser`).
        refused: what is raised where the vendor says no, or cannot be reached.
        unknown: one of those: the call may have been carried out.
        rate: how many calls an account takes, which all processes of a machine keep together; None where the vendor says no number.
    """

    root: ClassVar[str]
    subject: ClassVar[str]
    refused: ClassVar[type[JsonApiError]]
    unknown: ClassVar[type[JsonApiError]]
    rate: ClassVar[Rate | None] = None

    def __init__(self, base_url: str, key: str) -> None:
        self._base_url = base_url.rstrip("/").removesuffix(self.root.rstrip("/"))
        self._key = key
        self._made: httpx.Client | None = None
        self._bucket = bucket_of(self.refused.vendor, key, self._base_url, self.rate)

    @abstractmethod
    def headers(self, key: str, subject: str) -> dict[str, str]:
        """Of a call with the account's key, for one of its users or for the account itself."""

    @abstractmethod
    def problems_of(self, error: Mapping[str, Any]) -> tuple[object, object]:
        """Where and what, of one member of `errors` in an answer."""

    @abstractmethod
    def wait_seconds(self, headers: Mapping[str, str]) -> float:
        """How long to wait after a refusal for the rate limit."""

    def ask(
        self,
        method: str,
        path: str,
        waiting: Waiting,
        body: Body | None = None,
        *,
        query: Mapping[str, str] | None = None,
        subject: str = "",
    ) -> Any:
        """One call; the answer's JSON, None where it has no content.

        A refusal for the rate limit is waited out, as far as `waiting` lets. A fault of the server, or of the network, is
        asked again where asking twice does no harm; a POST only where it certainly never arrived.

        Args:
            path: below the root, its parts quoted.
            subject: for whom the account calls.

        Raises:
            JsonApiError: `unknown` where it may have worked; `refused` where it was, or the vendor cannot be reached.
        """
        import httpx

        shown = f"{method} {self.root}{path.partition('?')[0]}" + (f" for {self.subject} {subject}" if subject else "")
        for attempt in range(1, _ATTEMPTS + 1):
            if self._bucket is not None:
                self._bucket.take(waiting)
            is_last = attempt == _ATTEMPTS or waiting.left_seconds() <= 0
            try:
                status, headers, data = self._once(method, path, body, query, subject)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                if is_last:
                    raise self._unreached(shown, error) from None
                waiting.sleep(_pause_seconds(attempt))
                continue
            except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
                if method not in _REPEATABLE:
                    raise self.unknown(shown, 0, (("", f"the answer was lost ({type(error).__name__})"),)) from None
                if is_last:
                    raise self._unreached(shown, error) from None
                waiting.sleep(_pause_seconds(attempt))
                continue
            if status == _TOO_MANY:
                wait = self.wait_seconds(headers)
                if is_last or wait > waiting.left_seconds():
                    raise self.refused(
                        shown, status, self._problems(data, f"the rate limit is used up for {wait:.0f} s")
                    )
                waiting.sleep(wait + random.uniform(0, 1 + wait / 10))  # noqa: S311 - many that wait for one moment shall not come at once
                continue
            if status >= _SERVER_FAULT:
                problems = self._problems(data)
                if method not in _REPEATABLE:
                    raise self.unknown(shown, status, problems)
                if is_last:
                    raise self.refused(shown, status, problems)
                waiting.sleep(_pause_seconds(attempt))
                continue
            return self._read(shown, method, status, data)
        raise AssertionError

    def _read(self, shown: str, method: str, status: int, data: bytes) -> Any:
        if status >= 400:
            raise self.refused(shown, status, self._problems(data))
        kind = self.refused if method in _REPEATABLE else self.unknown
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
        self, method: str, path: str, body: Body | None, query: Mapping[str, str] | None, subject: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        headers = {"Accept": "application/json", **self.headers(self._key, subject)}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        url = f"{self._base_url}{self.root}{path}"
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

    def _unreached(self, shown: str, error: Exception) -> JsonApiError:
        return self.refused(
            shown, 0, (("", f"no answer ({type(error).__name__})"),), "see whether the API can be reached from here"
        )

    def _problems(self, data: bytes, otherwise: str = "") -> tuple[tuple[str, str], ...]:
        """The API's own messages, of an answer in its own form; the key is in none of them."""
        extra = (("", otherwise),) if otherwise else ()
        return (*self._said(data), *extra) or NO_MESSAGE

    def _said(self, data: bytes) -> Iterator[tuple[str, str]]:
        try:
            document = json.loads(data)
        except ValueError:
            return
        errors = document.get("errors") if isinstance(document, dict) else None
        for one in errors if isinstance(errors, list) else ():
            if isinstance(one, dict):
                where, what = self.problems_of(one)
                yield self._clean(where), self._clean(what)

    def _clean(self, text: object) -> str:
        plain = "" if text is None else str(text)
        return "".join(c if c.isprintable() else " " for c in plain.replace(self._key, "[key]"))[:_MOST_MESSAGE]


def _pause_seconds(attempt: int) -> float:
    most = min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
    return random.uniform(most / 2, most)  # noqa: S311 - jitter
