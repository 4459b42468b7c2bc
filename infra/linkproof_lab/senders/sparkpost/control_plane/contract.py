"""One call of SparkPost's API, the answer, and errors in the vendor's form.

`{"errors": [{"message": …, "description": …, "code": "1600"}]}`: developers.sparkpost.com/api/tracking-domains, and for codes
support.sparkpost.com/docs/tech-resources/extended-error-codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON document; None for no content."""

    status: int
    document: Any = None


def results(document: Any) -> Answer:
    """200 also where something was made."""
    return Answer(200, {"results": document})


class SparkPostError(Exception):
    """An error as the vendor writes it; one of the door has a message alone."""

    def __init__(self, status: int, message: str, description: str = "", code: str = "") -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self._said = {"message": message, "description": description, "code": code}

    def answer(self) -> Answer:
        return Answer(self.status, {"errors": [{name: value for name, value in self._said.items() if value}]})


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has passed the door.

    Args:
        path: what follows `/api/v1/`, in parts.
        region: of the account, and so of its tracking endpoint.
        subaccount: for which it is made; 0 for the account itself, None where it does not say.
        grants: what the key may do.
    """

    method: str
    path: Sequence[str]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    region: str
    subaccount: int | None
    grants: frozenset[str]

    def require(self, grant: str) -> None:
        """Raises:
        SparkPostError: the key does not have it.
        """
        if grant not in self.grants:
            raise SparkPostError(403, "Forbidden.")


class Part(Protocol):
    """Some of the API's paths."""

    def claims(self, path: Sequence[str]) -> bool: ...

    async def answer(self, call: Call) -> Answer:
        """Raises:
        SparkPostError: as the vendor would.
        """


def not_found(description: str) -> SparkPostError:
    return SparkPostError(404, "resource not found", description, "1600")


def no_route() -> SparkPostError:
    return SparkPostError(404, "Resource could not be found.")


def flag(body: Mapping[str, Any], name: str, default: bool) -> bool:
    """A member that is true or false.

    Raises:
        SparkPostError: it is something else.
    """
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise SparkPostError(
            422, "invalid data format/type", f"Error validating domain: {name} must be boolean", "1300"
        )
    return value
