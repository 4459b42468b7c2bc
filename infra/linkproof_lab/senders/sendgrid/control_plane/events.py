"""What becomes of clicks and opens: events, which wait in the store until the event webhooks have been sent them."""

from __future__ import annotations

import secrets
import time

from linkproof_lab.senders.sendgrid.facts import PARENT
from linkproof_lab.senders.sendgrid.links import LINK_KIND
from linkproof_lab.store import Store
from linkproof_lab.web.viewer import Viewer

KIND = "sendgrid-event"


def add_event(store: Store, event: str, viewer: Viewer, url: str | None) -> None:
    """One event of the user whose brand the host is, in the vendor's words.

    Args:
        url: where a click has led.
    """
    id_ = secrets.token_urlsafe(16)
    body = {
        "email": "reader@example.com",
        "event": event,
        "ip": "198.51.100.7",
        "sg_event_id": id_,
        "sg_message_id": f"{id_}.filter",
        "timestamp": int(time.time()),
        "useragent": next(iter(viewer.values("user-agent")), ""),
        **({"url": url, "url_offset": {"index": 0, "type": "html"}} if url is not None else {}),
    }
    store.put(KIND, id_, {"user": _user_of(store, viewer.host), "body": body})


def _user_of(store: Store, host: str) -> str:
    for _, link in store.all(LINK_KIND):
        if f"{link['subdomain']}.{link['domain']}" == host:
            return str(link["username"])
    return PARENT
