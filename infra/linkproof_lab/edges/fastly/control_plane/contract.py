"""A request to Fastly's API, and its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON document; None for no content."""

    status: int
    document: Any = None


@dataclass(frozen=True, slots=True)
class Call:
    """Args:
    path: its parts.
    customer: the account that the token is of.
    """

    method: str
    path: Sequence[str]
    query: dict[str, str]
    body: dict[str, Any]
    customer: str


class FastlyError(Exception):
    """A refusal: `msg` and `detail` of services (go-fastly's errors.go), title and detail of JSON:API."""

    def __init__(self, status: int, title: str, detail: str = "") -> None:
        super().__init__(f"{title}: {detail}")
        self.status = status
        self.title = title
        self.detail = detail

    def answer(self, *, is_json_api: bool) -> Answer:
        if is_json_api:
            return Answer(self.status, {"errors": [{"title": self.title, "detail": self.detail}]})
        return Answer(self.status, {"msg": self.title, "detail": self.detail})


def not_found(what: str) -> FastlyError:
    return FastlyError(404, "Record not found", f"Couldn't find {what}")
