"""Follows TLS subscriptions: asks DNS for what proves each host, and has a certificate issued for what is proved.

www.fastly.com/documentation/reference/api/tls/subs: `pending` until every host is proved, then `processing`, then `issued`; an authority that CAA
forbids issues nothing, which is tried again for seven days, and then the subscription is `failed`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from linkproof_lab.edges.fastly.control_plane.idents import new_id
from linkproof_lab.edges.fastly.control_plane.tls import AUTHORITIES, KIND
from linkproof_lab.edges.fastly.facts import TARGET
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.ask import Asker, NoAnswerError

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 0.3
_TRIED_SECONDS = 7 * 86400
_LEADS_HERE = (TARGET, f"dualstack.{TARGET}")


class Orders:
    """One background task for all subscriptions."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._asker = Asker(settings, store)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            for subscription_id, doc in self._store.all(KIND):
                if doc["state"] in ("pending", "processing"):
                    try:
                        await self.step(subscription_id)
                    except Exception:
                        _log.exception("TLS subscription %s could not be followed", subscription_id)
            await asyncio.sleep(_EVERY_SECONDS)

    async def step(self, subscription_id: str) -> None:
        """Look once: one state nearer to the end, or none."""
        doc = self._store.get(KIND, subscription_id)
        if doc is None:
            return
        if time.time() - doc["created_at"] > _TRIED_SECONDS:
            self._put(doc, state="failed")
            return
        try:
            for host in doc["hosts"]:
                if not await self._proved(host, doc["answers"][host]):
                    return
                if not await self._asker.may_issue(host, AUTHORITIES[doc["authority"]]):
                    return
        except NoAnswerError as error:
            _log.info("%s waits: %s", subscription_id, error)
            return
        if doc["state"] == "pending":
            self._put(doc, state="processing")
            return
        from linkproof_lab.ca import issue

        issued = await asyncio.to_thread(issue, self._settings, list(doc["hosts"]), days=90, key="ec256")
        pems = {"cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem, "key_pem": issued.key_pem}
        self._put(doc, state="issued", certificate={"id": new_id(), "names": doc["hosts"], **pems})

    async def _proved(self, host: str, answer: str) -> bool:
        """By the record of the DNS challenge, or because the host itself leads here."""
        if await self._asker.cname(f"_acme-challenge.{host}") == answer:
            return True
        return await self._asker.cname(host) in _LEADS_HERE

    def _put(self, doc: dict[str, Any], **changes: Any) -> None:
        """Over what is there by now: one that was deleted meanwhile stays so."""
        held = self._store.get(KIND, doc["id"])
        if held is not None and held["hosts"] == doc["hosts"]:
            self._store.put(KIND, doc["id"], {**held, **changes, "updated_at": time.time()})
