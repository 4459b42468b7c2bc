"""Speaks to a running lab's control API."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx
from linkproof.errors import LinkproofError

from linkproof_lab.settings import LabSettings
from linkproof_lab.world import CustomerZone


class LabUnreachableError(LinkproofError):
    """Nothing answers where the lab's control API should be."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"the lab does not answer at {url}: {reason}", "start it with `linkproof lab up`")
        self.url = url


class LabRefusedError(LinkproofError):
    """The lab has understood, and refuses."""

    def __init__(self, status: int, problem: str, fix: str) -> None:
        super().__init__(f"the lab refuses ({status}): {problem}", fix)
        self.status = status


class LabControl:
    """Use as a context manager, or call `close`. Every method raises LabUnreachableError or LabRefusedError."""

    def __init__(self, settings: LabSettings, timeout_seconds: float = 10.0) -> None:
        # No proxy from the environment may see, or break, what goes to loopback. The empty TLS context spares the time
        # of loading the public roots, for the API is plain HTTP.
        self._http = httpx.Client(
            base_url=settings.control_api,
            timeout=timeout_seconds,
            trust_env=False,
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def health(self) -> dict[str, Any]:
        """`ok`, `ready`, `pid`, and `parts` with `ok` and `text` each."""
        return self._call("GET", "/health")

    def seed(self, customer_zones: Sequence[CustomerZone]) -> None:
        self._call("POST", "/seed", {"zones": [asdict(zone) for zone in customer_zones]})

    def faults(self) -> dict[str, Any]:
        return self._call("GET", "/faults")

    def fault(self, key: str) -> dict[str, Any]:
        return self._call("GET", f"/faults/{quote(key)}")

    def put_fault(self, key: str, doc: dict[str, Any]) -> None:
        """Order a misbehaviour: `{"server", "zone", "name", "type", "mode", …}`."""
        self._call("PUT", f"/faults/{quote(key)}", doc)

    def delete_fault(self, key: str) -> None:
        self._call("DELETE", f"/faults/{quote(key)}")

    def clear_faults(self) -> None:
        self._call("DELETE", "/faults")

    def set_propagation(self, server: str, seconds: float) -> None:
        """How late a server (its address, or `*`) learns of changes."""
        self.put_document("propagation", server, {"seconds": seconds})

    def documents(self, kind: str) -> dict[str, Any]:
        return self._call("GET", f"/documents/{quote(kind)}")

    def document(self, kind: str, key: str) -> dict[str, Any]:
        return self._call("GET", f"/documents/{quote(kind)}/{quote(key)}")

    def put_document(self, kind: str, key: str, doc: dict[str, Any]) -> None:
        self._call("PUT", f"/documents/{quote(kind)}/{quote(key)}", doc)

    def delete_document(self, kind: str, key: str) -> None:
        self._call("DELETE", f"/documents/{quote(kind)}/{quote(key)}")

    def records(self, zone_id: str) -> dict[str, Any]:
        """`id`, `name`, `host`, `serial` and `rrsets` of a zone."""
        return self._call("GET", f"/records/{quote(zone_id)}")

    def set_records(self, zone_id: str, rrsets: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Publish `{"name", "type", "ttl", "data"}` each, in a zone that no vendor API holds; empty data removes."""
        return self._call("PUT", f"/records/{quote(zone_id)}", {"rrsets": list(rrsets)})

    def flush_resolver(self) -> None:
        self._call("POST", "/resolver/flush")

    def dump(self) -> dict[str, Any]:
        """All documents by kind and key, and all zones by id with their current records."""
        return self._call("GET", "/dump")

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise LabUnreachableError(str(self._http.base_url), str(error) or type(error).__name__) from error
        answer: dict[str, Any] = response.json() if response.content else {}
        if response.is_error:
            raise LabRefusedError(response.status_code, str(answer.get("problem", "")), str(answer.get("fix", "")))
        return answer
