"""One call of SendGrid's API, the answer, and errors in the vendor's form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from linkproof_lab.store import Store


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON document; None for no content."""

    status: int
    document: Any = None


class SendGridError(Exception):
    """An error as the vendor writes it: `{"errors": [{"field": …, "message": …}]}`.

    Args:
        problems: field (None where the vendor names none) and message of each.
    """

    def __init__(self, status: int, *problems: tuple[str | None, str]) -> None:
        super().__init__(f"{status}: {problems}")
        self.status = status
        self.problems = problems

    def answer(self) -> Answer:
        return Answer(
            self.status, {"errors": [{"field": field, "message": message} for field, message in self.problems]}
        )


@dataclass(frozen=True, slots=True)
class User:
    """An account, or a subuser of one.

    Args:
        parent: the account's user name; None for an account.
        region: of a subuser's data, `eu` or `us`.
    """

    id: int
    username: str
    parent: str | None = None
    region: str = "us"


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has passed the door.

    Args:
        path: what follows `/v3/`, in parts.
        user: for whom it is made: the key's own, or the subuser that it speaks for.
        is_impersonating: it speaks for a subuser.
        listed: the body where it is a list, which one call alone takes.
    """

    method: str
    path: Sequence[str]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    user: User
    scopes: frozenset[str]
    is_impersonating: bool
    listed: Sequence[Any] | None = None

    def require(self, scope: str) -> None:
        """Raises:
        SendGridError: the key lacks the scope.
        """
        if scope not in self.scopes:
            raise SendGridError(403, (None, "access forbidden"))

    def require_parent(self) -> None:
        """What only the account itself may do, for no subuser.

        Raises:
            SendGridError: a subuser asks.
        """
        if self.user.parent is not None:
            raise SendGridError(403, (None, "access forbidden"))


class Part(Protocol):
    """Some of the API's paths."""

    def claims(self, path: Sequence[str]) -> bool: ...

    async def answer(self, call: Call) -> Answer:
        """Raises:
        SendGridError: as the vendor would.
        """


def not_found(what: str) -> SendGridError:
    return SendGridError(404, (None, f"{what} not found"))


def no_route() -> SendGridError:
    return SendGridError(404, (None, "not found"))


def text(body: Mapping[str, Any], field: str, *, required: bool = False) -> str:
    """A member that is a text; empty where there is none.

    Raises:
        SendGridError: it is something else, or missing.
    """
    value = body.get(field)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise SendGridError(400, (field, f"{field} is required" if not value else f"{field} must be a string"))
    return value


def flag(body: Mapping[str, Any], field: str, default: bool) -> bool:
    """A member that is true or false.

    Raises:
        SendGridError: it is something else.
    """
    value = body.get(field)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise SendGridError(400, (field, f"{field} must be a boolean"))
    return value


def page(items: list[Any], query: Mapping[str, str], default: int, most: int | None = None) -> list[Any]:
    """What `limit` and `offset` ask for.

    Raises:
        SendGridError: one of them is no whole number in its range.
    """
    found = {}
    for name, least, missing in (("limit", 1, default), ("offset", 0, 0)):
        given = query.get(name, str(missing))
        if not given.isdecimal() or int(given) < least or (name == "limit" and most is not None and int(given) > most):
            raise SendGridError(400, (name, f"invalid {name}"))
        found[name] = int(given)
    return items[found["offset"] : found["offset"] + found["limit"]]


def next_id(store: Store, kind: str, first: int) -> int:
    """Ids grow and are never given twice."""
    number = int((store.get("sendgrid-counter", kind) or {"next": first})["next"])
    store.put("sendgrid-counter", kind, {"next": number + 1})
    return number
