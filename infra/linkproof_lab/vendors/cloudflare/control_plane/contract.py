"""What `api.py` of a service with the vendor `cloudflare` gives: its part of what is behind `/zones/<zone id>/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from linkproof_lab.store import Zone
from linkproof_lab.vendors.cloudflare.control_plane.envelope import Answer
from linkproof_lab.vendors.cloudflare.control_plane.tokens import Token, unauthorized


@dataclass(frozen=True, slots=True)
class ZoneCall:
    """A request about one zone.

    Args:
        path: what follows the zone's id.
    """

    method: str
    zone: Zone
    token: Token
    path: Sequence[str]
    query: dict[str, str]
    body: dict[str, Any]

    @property
    def reads(self) -> bool:
        return self.method in ("GET", "HEAD")

    def require(self, scope: str) -> None:
        """Raises:
        CloudflareError: the token does not have this permission.
        """
        if not self.token.may(scope, self.zone.id):
            raise unauthorized()


class ZoneService(Protocol):
    def claims(self, method: str, path: Sequence[str]) -> bool:
        """Whether what follows the zone's id is this service's."""

    def answer(self, call: ZoneCall) -> Answer:
        """Status, JSON document (None for no content) and extra headers.

        Raises:
            CloudflareError: as the vendor would.
        """
