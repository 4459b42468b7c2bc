"""The form of a plug-in's own keys in the declaration: `options.py`."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

_SPAN_PATTERN = r"^(0|[1-9][0-9]{0,3})(s|m|h|d)$"
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_SPAN_SECONDS = 90 * 86400

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,11})")


def _whole(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _WHOLE.fullmatch(value):
        raise PydanticCustomError("whole_number", "a whole number (digits 0 to 9, no leading zero)")
    return int(value)


def _flag(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value not in _WORDS:
        # YAML 1.1 would read `no`, `on` and `y` as booleans; YAML 1.2 and people do not.
        raise PydanticCustomError("flag", "true or false")
    return _WORDS[value]


def _span(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = re.fullmatch(_SPAN_PATTERN, value)
    seconds = int(found[1]) * _UNIT_SECONDS[found[2]] if found else None
    if seconds is None or seconds > _LONGEST_SPAN_SECONDS:
        raise PydanticCustomError("span", "a time of at most 90 days, as 7d, 12h, 30m or 0s")
    return seconds


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("day", "a day of the calendar, as 2027-06-30")


# A bound stands before the validator, so that it is the integer's own and reaches the JSON Schema as `minimum`.
READ_WHOLE = BeforeValidator(_whole)
Flag = Annotated[bool, BeforeValidator(_flag)]
# In seconds; written as 7d, 12h, 30m or 0s.
Span = Annotated[int, BeforeValidator(_span), WithJsonSchema({"type": "string", "pattern": _SPAN_PATTERN})]
Day = Annotated[date, BeforeValidator(_day)]
Text = Annotated[str, StringConstraints(min_length=1)]
AccountName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$"),
    Field(description="Names the credentials in the Pulumi config."),
]


class Form(BaseModel):
    """What every form shares: no unknown keys. Scalars arrive as the text that was written."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EdgeOptions(Form):
    """The keys of every entry under `edges:`; a plug-in's own class adds `provider: Literal[…]` and its keys."""

    account: AccountName = "default"
    drain: Annotated[
        Span | None,
        Field(
            description="How long an edge that clicks have left stays for those who still come, as 7d, 12h or 0s: 7d if nothing is said,"
            " in the lab 0s. It goes earlier once its own counter says that nobody came for a day."
        ),
    ] = None

    def certificate_authorities(self) -> tuple[str, ...] | None:
        """Those that the entry says may sign for its links, as CAA names them; None for the provider's own."""
        return None

    def own_certificate(self, host: str) -> str | None:
        """The user's own certificate for a click host, as the provider names it; None where the edge gets one itself."""
        del host
        return None


class SenderOptions(Form):
    """The keys of every entry under `senders:`; likewise."""

    account: AccountName = "default"

    def hosts(self) -> tuple[str, ...]:
        """Names that the entry's own records are at or below, beside those of its links; in lower case."""
        return ()


class ZoneOptions(Form):
    """A DNS host's own keys of an entry under `zones:`; likewise, with `dns: Literal[…]`."""

    id: Annotated[Text | None, Field(description="The DNS host's id of the zone.")] = None
    account: AccountName = "default"
