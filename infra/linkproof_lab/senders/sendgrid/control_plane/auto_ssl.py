"""Certificates of Auto SSL: follows the records of each link that has none yet, and issues once DNS leads there."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

from linkproof_lab.senders.sendgrid.control_plane.records import link_records
from linkproof_lab.senders.sendgrid.links import CERTIFICATE_KIND, LINK_KIND, host_of
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.ask import Asker, NoAnswerError

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 0.3
# Which authority SendGrid asks is not documented; the lab's is one of those that Cloudflare for SaaS asks.
_AUTHORITY = "pki.goog"


class AutoSsl:
    """One background task for all links with Auto SSL."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._asker = Asker(settings, store)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            for _, link in self._store.all(LINK_KIND):
                if link["auto_ssl"] and self._store.get(CERTIFICATE_KIND, host_of(link)) is None:
                    try:
                        await self.step(link)
                    except Exception:
                        _log.exception("the records of %s could not be followed", host_of(link))
            await asyncio.sleep(_EVERY_SECONDS)

    async def step(self, link: dict[str, Any]) -> None:
        """Look once, and issue where both of its records are there and CAA allows it."""
        with contextlib.suppress(NoAnswerError):
            if await self._is_proven(link) and await self._asker.may_issue(host_of(link), _AUTHORITY):
                from linkproof_lab.ca import issue

                issued = await asyncio.to_thread(issue, self._settings, [host_of(link)], days=90, key="ec256")
                pems = {"cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem, "key_pem": issued.key_pem}
                self._store.put(CERTIFICATE_KIND, host_of(link), pems)

    async def _is_proven(self, link: dict[str, Any]) -> bool:
        records = link_records(link)
        challenge, hostname = records["acme_challenge_cname"], records["custom_hostname_txt"]
        return await self._asker.cname(challenge["host"]) == challenge[
            "data"
        ] and f'"{hostname["data"]}"' in await self._asker.values(hostname["host"], "TXT")
