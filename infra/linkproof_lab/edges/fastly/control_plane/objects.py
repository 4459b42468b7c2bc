"""What is in a version of a service: each kind's members, with their types and what their absence means.

Names and defaults are those of the API's answers, as go-fastly's fixtures (`fastly/fixtures/*/create.yaml`) have recorded them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from linkproof_lab.edges.fastly.control_plane.contract import FastlyError

Type = Literal["text", "number", "flag"]


@dataclass(frozen=True, slots=True)
class Member:
    """Args:
    default: None where the answer says null.
    choices: the only values that are taken.
    """

    type: Type = "text"
    default: Any = None
    choices: tuple[str, ...] = ()


_TEXT = Member()
# By the part of the path, which is no plural for some.
KINDS: Final[Mapping[str, Mapping[str, Member]]] = {
    "domain": {"name": _TEXT, "comment": Member(default="")},
    "backend": {
        "name": _TEXT,
        "address": _TEXT,
        "comment": Member(default=""),
        # www.fastly.com/documentation/reference/api/services/backend: in the clear on port 80 unless it is told otherwise
        "port": Member("number", 80),
        "use_ssl": Member("flag", default=False),
        "ssl_check_cert": Member("flag", default=True),
        "ssl_cert_hostname": _TEXT,
        "ssl_sni_hostname": _TEXT,
        "ssl_ca_cert": _TEXT,
        "ssl_ciphers": _TEXT,
        "min_tls_version": _TEXT,
        "max_tls_version": _TEXT,
        "override_host": _TEXT,
        "connect_timeout": Member("number", 1000),
        "first_byte_timeout": Member("number", 15000),
        "between_bytes_timeout": Member("number", 10000),
        "error_threshold": Member("number", 0),
        "max_conn": Member("number", 200),
        "weight": Member("number", 100),
        "auto_loadbalance": Member("flag", default=False),
        "prefer_ipv6": Member("flag"),
        "healthcheck": _TEXT,
        "shield": _TEXT,
        "request_condition": Member(default=""),
    },
    "request_settings": {
        "name": _TEXT,
        "action": Member(choices=("lookup", "pass")),
        "default_host": _TEXT,
        "force_miss": Member("flag", default=False),
        "force_ssl": Member("flag", default=False),
        "bypass_busy_wait": Member("flag", default=False),
        "hash_keys": _TEXT,
        "max_stale_age": Member("number"),
        "timer_support": Member("flag", default=False),
        "xff": Member(default="append", choices=("clear", "leave", "append", "append_all", "overwrite")),
        "request_condition": Member(default=""),
    },
    "cache_settings": {
        "name": _TEXT,
        "action": Member(choices=("cache", "pass", "restart")),
        "ttl": Member("number"),
        "stale_ttl": Member("number"),
        "cache_condition": Member(default=""),
    },
    "snippet": {
        "name": _TEXT,
        "type": Member(
            choices=("init", "recv", "hash", "hit", "miss", "pass", "fetch", "error", "deliver", "log", "none")
        ),
        "content": _TEXT,
        "dynamic": Member("number", 0),
        "priority": Member("number", 100),
    },
}
SETTINGS: Final[Mapping[str, Member]] = {
    "general.default_host": Member(default=""),
    "general.default_ttl": Member("number", 3600),
    "general.default_pci": Member("number", 0),
    "general.stale_if_error": Member("flag", default=False),
    "general.stale_if_error_ttl": Member("number", 43200),
}
_TRUE = ("1", "true", True, 1)


def read(
    members: Mapping[str, Member], body: Mapping[str, Any], held: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """An object with a request's members over what is held, or over the defaults. A form has texts alone.

    Raises:
        FastlyError: a value is of another type, or none of those that are taken.
    """
    found = dict(held) if held is not None else {name: member.default for name, member in members.items()}
    for name, value in body.items():
        if name in members:
            found[name] = _value(name, members[name], value)
    return found


def _value(name: str, member: Member, value: Any) -> Any:
    if member.type == "flag":
        return value in _TRUE
    if member.type == "number":
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise FastlyError(400, "Bad request", f"{name} is no number") from error
    text = None if value in (None, "") else str(value)
    if text is None:
        return member.default
    if member.choices and text not in member.choices:
        raise FastlyError(400, "Bad request", f"{name} must be one of {', '.join(member.choices)}")
    return text
