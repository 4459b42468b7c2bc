"""The one way to a vendor's API: loopback only, no proxy, no redirect, bounded answers, bounded retries."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from linkproof.providers.protocol.base import ProviderError

if TYPE_CHECKING:
    import httpx

_ATTEMPTS = 6
# Cloudflare counts in windows of five minutes and names the rest of one in Retry-After: longer than that no vendor asks for.
_LONGEST_WAIT_SECONDS = 330.0
_LARGEST_ANSWER_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Http:
    """A connection pool. Safe to use from several threads; httpx is imported with the first request."""

    def __init__(self, cancelled: threading.Event, timeout_seconds: float = 30) -> None:
        self._cancelled = cancelled
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None

    def send(
        self,
        method: str,
        url: str,
        body: bytes,
        headers: Callable[[], Mapping[str, str]],
        slow_down: Callable[[Answer], bool] = lambda _: False,
    ) -> Answer:
        """Send a request; 429 and 5xx are asked again, at most five times, after the time the vendor names.

        Args:
            headers: made anew for each attempt, since signatures hold the time.
            slow_down: knows a vendor's other ways to say 429.

        Raises:
            ProviderError: the API does not answer.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            answer = self._once(method, url, body, headers())
            busy = answer.status == 429 or answer.status >= 500 or slow_down(answer)
            if not busy or attempt == _ATTEMPTS:
                return answer
            if self._cancelled.wait(_pause_seconds(answer, attempt)):
                return answer
        raise AssertionError

    def _once(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        import httpx

        require_loopback(url)
        try:
            with self._opened().stream(method, url, content=body, headers=dict(headers)) as response:
                data = bytearray()
                for chunk in response.iter_bytes():
                    data += chunk
                    if len(data) > _LARGEST_ANSWER_BYTES:
                        raise ProviderError(f"{method} {url}: the answer is larger than {_LARGEST_ANSWER_BYTES} bytes")
                return Answer(response.status_code, dict(response.headers), bytes(data))
        except httpx.HTTPError as error:
            raise ProviderError(
                f"{method} {url}: {type(error).__name__}: {error}", "is the lab up? `linkproof lab status` says so"
            ) from None

    def _opened(self) -> Any:
        import httpx

        with self._lock:
            if self._client is None:
                # trust_env=False: neither a proxy nor a netrc of the user's has a part in this
                limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
                self._client = httpx.Client(timeout=self._timeout_seconds, trust_env=False, limits=limits, verify=False)  # noqa: S501 - plain HTTP on loopback
            return self._client


def require_loopback(url: str) -> None:
    """Refuse every address but loopback.

    Raises:
        ProviderError: the URL leads elsewhere.
    """
    if not is_loopback(url):
        raise ProviderError(f"{url} is not on loopback: this stand-in talks to a lab only", "name a lab's address")


def is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _pause_seconds(answer: Answer, attempt: int) -> float:
    given = answer.headers.get("retry-after", "")
    wanted = float(given) if given.replace(".", "", 1).isdigit() else 0.1 * 2**attempt
    return min(wanted, _LONGEST_WAIT_SECONDS)
