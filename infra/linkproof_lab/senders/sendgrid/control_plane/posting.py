"""Posts events to the webhooks that want them, signed as the vendor signs: over the time and the raw body."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import time
from typing import Any

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from linkproof_lab.providers.http import is_loopback
from linkproof_lab.senders.sendgrid.control_plane.events import KIND as EVENT
from linkproof_lab.senders.sendgrid.control_plane.webhooks import KIND as WEBHOOK
from linkproof_lab.store import Store

_log = logging.getLogger(__name__)
_PAUSE_SECONDS = 0.2
_TIMEOUT_SECONDS = 5.0
_SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
_TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


class Posting:
    """Each event is posted once to each webhook; the vendor would try again for a day."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self) -> None:
        """Until cancelled."""
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            while True:
                await self._post_all(client)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _post_all(self, client: httpx.AsyncClient) -> None:
        waiting = self._store.all(EVENT)
        for _, webhook in self._store.all(WEBHOOK) if waiting else ():
            wanted = [
                one["body"]
                for _, one in waiting
                if one["user"] == webhook["user"] and webhook.get(_setting(one["body"]["event"]))
            ]
            if wanted and webhook["enabled"]:
                await _post(client, webhook, wanted)
        for key, _ in waiting:
            self._store.delete(EVENT, key)


def _setting(event: str) -> str:
    """What a webhook calls this event: the vendor writes one of them in two ways."""
    return "spam_report" if event == "spamreport" else event


async def _post(client: httpx.AsyncClient, webhook: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """Nothing that a test declares may be posted off this machine."""
    url, body = str(webhook["url"]), body_of(events)
    if not is_loopback(url):
        return
    headers = {"Content-Type": "application/json", "User-Agent": "SendGrid Event API"}
    if webhook["key_pem"]:
        timestamp = str(int(time.time()))
        headers |= {_TIMESTAMP: timestamp, _SIGNATURE: signature(webhook["key_pem"], timestamp, body)}
    try:
        await client.post(url, content=body, headers=headers)
    except httpx.HTTPError as error:
        _log.warning("webhook %s was not reached: %s", webhook["id"], type(error).__name__)


def body_of(events: list[dict[str, Any]]) -> bytes:
    """CR LF after each event, also after the last: what a receiver that strips it cannot verify."""
    return ("[" + ",\r\n".join(json.dumps(event, separators=(",", ":")) for event in events) + "]\r\n").encode()


def signature(key_pem: str, timestamp: str, body: bytes) -> str:
    """Base64 of a DER signature (ECDSA, SHA-256) over the time directly followed by the body."""
    key = serialization.load_pem_private_key(key_pem.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return base64.b64encode(key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
