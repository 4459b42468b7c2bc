"""What `api.py` of a service with the vendor `azure` gives: its part of what is behind `/subscriptions/<id>/…/providers/<namespace>/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AzureCall:
    """A request below one namespace.

    Args:
        root: what stands before `/providers/`: the subscription, and the resource group where one is named.
        group: the resource group; empty where the whole subscription is meant.
        path: what follows the namespace.
        headers: names in lower case.
        query: pairs in their order.
    """

    method: str
    root: str
    group: str
    path: Sequence[str]
    headers: Mapping[str, str]
    body: Document
    query: Sequence[tuple[str, str]] = ()


class AzureService(Protocol):
    """Attributes:
    NAMESPACE: of Azure Resource Manager's; its case says nothing.
    """

    NAMESPACE: str

    def answer(self, call: AzureCall) -> Document:
        """Raises:
        AzureError: as the vendor would.
        """


class AzureError(Exception):
    """An error as Azure Resource Manager words it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def document(self) -> Document:
        return {"error": {"code": self.code, "message": self.message}}


def not_found(path: str) -> AzureError:
    return AzureError(404, "ResourceNotFound", f"The Resource '{path}' was not found.")
