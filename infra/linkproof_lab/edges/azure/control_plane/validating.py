"""Follows custom domains: asks DNS for the token of each, and gives a certificate to what is proven and allowed by CAA."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from linkproof_lab.edges.azure.control_plane.domains import is_over
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.ask import Asker, NoAnswerError

_log = logging.getLogger(__name__)
_KIND = "azure-cdn"
_EVERY_SECONDS = 0.3
_ISSUER = "digicert.com"


class Validator:
    """One background task for all domains."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._asker = Asker(settings, store)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            for path, doc in self._store.all(_KIND):
                if doc["properties"].get("domainValidationState") == "Pending":
                    try:
                        await self.step(path)
                    except Exception:
                        _log.exception("domain %s could not be followed", path)
            await asyncio.sleep(_EVERY_SECONDS)

    async def step(self, path: str) -> None:
        """Look once. A token whose time is over is looked for no longer."""
        doc = self._store.get(_KIND, path)
        if doc is None:
            return
        properties = doc["properties"]
        if is_over(properties):
            self._change(path, doc, "Timeout", None)
            return
        try:
            token = properties["validationProperties"]["validationToken"]
            if f'"{token}"' not in await self._asker.values(f"_dnsauth.{properties['hostName']}", "TXT"):
                return
            if not await self._asker.may_issue(properties["hostName"], _ISSUER):
                self._change(path, doc, "Rejected", None)
                return
        except NoAnswerError as error:
            _log.info("%s waits: %s", properties["hostName"], error)
            return
        self._change(path, doc, "Approved", await asyncio.to_thread(self._issue, properties["hostName"]))

    def _change(self, path: str, seen: dict[str, Any], state: str, pem: dict[str, str] | None) -> None:
        """Only what it is still true of: meanwhile it may be gone, or have another token."""
        held = self._store.get(_KIND, path)
        if held is None or held["properties"]["validationProperties"] != seen["properties"]["validationProperties"]:
            return
        properties = {**held["properties"], "domainValidationState": state}
        self._store.put(_KIND, path, {**held, "properties": properties, **({"pem": pem} if pem else {})})

    def _issue(self, host: str) -> dict[str, str]:
        from linkproof_lab.ca import issue

        made = issue(self._settings, [host], days=180, key="rsa2048")
        return {"cert_pem": made.cert_pem, "chain_pem": made.chain_pem, "key_pem": made.key_pem}
