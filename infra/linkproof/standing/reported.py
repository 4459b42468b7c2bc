"""What the last report of `verify` says of certificates; the file may be anybody's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def certificate_dates(
    verified: Mapping[str, Any], *, of_standbys: bool = False
) -> dict[str, tuple[datetime, datetime]]:
    """By host, begin and end of the certificate that ends first; what no report of ours would say is passed over.

    The sender's own counts only where no edge has one: a link at an edge could go back to it, and nothing stops when it ends.

    Args:
        of_standbys: of the edges that stand by, in place of those to which the hosts are led.
    """
    found: dict[str, tuple[datetime, datetime]] = {}
    items = [
        item
        for item in verified.get("certificates") or ()
        if isinstance(item, dict) and is_standby(item.get("id")) is of_standbys
    ]
    at_edges = {item.get("host") for item in items if not str(item.get("id")).endswith("/sender")}
    for item in items:
        if item.get("host") in at_edges and str(item.get("id")).endswith("/sender"):
            continue
        try:
            host, end = str(item["host"]), datetime.fromisoformat(item["not_after"])
            begin = datetime.fromisoformat(item.get("not_before") or item["not_after"])
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        if end.tzinfo is not None and begin.tzinfo is not None and (host not in found or end < found[host][1]):
            found[host] = begin, end
    return found


def is_standby(id_: object) -> bool:
    """Whether an id of a report is of an edge that stands by: no click is led there."""
    return str(id_).rpartition("/")[2].startswith("standby")
