"""What `api.py` of a service with the vendor `gcp` gives: its part of what is behind `/<api>/v1/projects/<project>/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GcpCall:
    """A request about one project.

    Args:
        api: `compute`, `certificatemanager`, `monitoring` or `dns`.
        path: what follows the project.
    """

    method: str
    api: str
    project: str
    path: Sequence[str]
    query: dict[str, str]
    body: Document


class GcpService(Protocol):
    """Attributes:
    API: which of Google's it is.
    """

    API: str

    def answer(self, call: GcpCall) -> Document:
        """Raises:
        GcpError: as the vendor would.
        """


class GcpError(Exception):
    """An error as Google words it.

    Args:
        reason: Compute's and DNS's own word, such as `alreadyExists`.
    """

    def __init__(self, status: int, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.reason = reason

    def document(self) -> Document:
        details = [{"message": self.message, "domain": "global", "reason": self.reason}] if self.reason else []
        return {"error": {"code": self.status, "message": self.message, **({"errors": details} if details else {})}}


def not_found(path: str) -> GcpError:
    return GcpError(404, f"The resource '{path}' was not found", "notFound")
