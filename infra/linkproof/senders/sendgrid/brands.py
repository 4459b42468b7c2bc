"""Branded links as the API has them: found by their host, their records told apart by role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof.errors import LinkproofError
from linkproof.json_api import NO_MESSAGE
from linkproof.senders.sendgrid.api import SendGridApi, SendGridError, Waiting
from linkproof.senders.sendgrid.facts import AUTO_SSL_ROLES

LINKS = "whitelabel/links"
CLICK, OWNER = "click", "owner"
_FIRST_LIMIT, _MOST_LIMIT = 200, 51_200


def joined_id(subuser: str, id_: object) -> str:
    """`<id>`, or `<subuser>/<id>` of what belongs to a subuser: an id alone says all that reading it takes."""
    return f"{subuser}/{id_}" if subuser else str(id_)


def parted_id(resource_id: str) -> tuple[str, str]:
    """Subuser, empty for the account itself, and the API's own id."""
    subuser, _, id_ = resource_id.rpartition("/")
    return subuser, id_


def host_of(link: Mapping[str, Any]) -> str:
    """The click host."""
    return f"{link.get('subdomain')}.{link.get('domain')}".lower()


def records_of(link: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Name, type and value of each record by its role, never by its place in the answer: a list has no order that is promised."""
    found: dict[str, dict[str, str]] = {}
    for record in (link.get("dns") or {}).values():
        host = str(record.get("host") or "").lower().rstrip(".")
        if host:
            role = role_of(host, str(link.get("user_id")))
            found[role] = {"name": host, "type": str(record.get("type")).upper(), "value": str(record.get("data"))}
    return found


def role_of(host: str, user_id: str) -> str:
    first = host.partition(".")[0]
    return AUTO_SSL_ROLES.get(first, OWNER if first == user_id else CLICK)


def all_links(api: SendGridApi, waiting: Waiting, subuser: str = "") -> list[dict[str, Any]]:
    """Every link of a user. The API documents a limit and no offset, so the limit grows until the answer is smaller.

    Raises:
        SendGridError: the API refuses.
        LinkproofError: there are more than can be asked for.
    """
    limit = _FIRST_LIMIT
    while limit <= _MOST_LIMIT:
        found = api.call("GET", LINKS, waiting, query={"limit": str(limit)}, subuser=subuser)
        links = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        if len(links) < limit:
            return links
        limit *= 4
    raise LinkproofError(
        f"SendGrid lists {len(links)} branded links, and whether there are more cannot be told",
        "remove links that nobody needs, or import the link that you mean by its id",
    )


def links_at(api: SendGridApi, waiting: Waiting, host: str, subuser: str = "") -> Iterator[dict[str, Any]]:
    """Every link of a user with this click host."""
    return (link for link in all_links(api, waiting, subuser) if host_of(link) == host.lower())


def link_by_id(api: SendGridApi, waiting: Waiting, resource_id: str) -> dict[str, Any] | None:
    """None where the API says that there is none, and for no other reason.

    Raises:
        SendGridError: it says anything else.
    """
    subuser, id_ = parted_id(resource_id)
    return found_or_none(api, f"{LINKS}/{id_}", waiting, subuser)


def found_or_none(api: SendGridApi, path: str, waiting: Waiting, subuser: str = "") -> dict[str, Any] | None:
    """What a GET answers; None for the API's own 404.

    Raises:
        SendGridError: it answers anything else, or in no form of its own.
    """
    try:
        found = api.call("GET", path, waiting, subuser=subuser)
    except SendGridError as error:
        if error.status == 404 and error.problems != NO_MESSAGE:
            return None
        raise
    if not isinstance(found, dict):
        raise SendGridError(f"GET /v3/{path}", 0, (("", "the answer is no object"),))
    return found
