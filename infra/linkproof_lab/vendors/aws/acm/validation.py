"""Follows pending certificates: asks DNS for each validation record, and issues what is proven."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import Any, Literal

from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.ask import Asker, NoAnswerError
from linkproof_lab.vendors.aws.acm.caa import allows
from linkproof_lab.vendors.aws.acm.lookup import KIND

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 0.3
# docs.aws.amazon.com/acm/latest/userguide/dns-validation.html: 72 hours, then VALIDATION_TIMED_OUT
_VALIDATION_SECONDS = 72 * 3600
_AT_ONCE = 16
# A certificate that waits long is looked at less often, so that a thousand of them do not fill the machine.
_SLOWEST_SECONDS = 5.0
_SLOWER_PER_SECOND = 0.05
_KEYS: dict[str, Literal["rsa2048", "ec256"]] = {"RSA_2048": "rsa2048", "EC_prime256v1": "ec256"}


class Validator:
    """One background task for all certificates."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._asker = Asker(settings, store)
        self._issuing = asyncio.Lock()
        waiting = [arn for arn, doc in store.all(KIND) if doc["status"] == "PENDING_VALIDATION"]
        self._due_at: dict[str, float] = dict.fromkeys(waiting, 0.0)

    def watch(self, arn: str) -> None:
        """Follow a certificate that was just requested."""
        self._due_at[arn] = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        gate = asyncio.Semaphore(_AT_ONCE)
        while True:
            now = time.time()
            due = [arn for arn, due_at in self._due_at.items() if due_at <= now]
            await asyncio.gather(*(self._step_safely(arn, gate) for arn in due))
            await asyncio.sleep(_EVERY_SECONDS)

    async def _step_safely(self, arn: str, gate: asyncio.Semaphore) -> None:
        async with gate:
            try:
                await self.step(arn)
            except Exception:
                _log.exception("certificate %s could not be followed", arn)

    async def step(self, arn: str) -> None:
        """Look once: certificates that are gone, failed or issued are followed no more."""
        doc = self._store.get(KIND, arn)
        if doc is None or doc["status"] != "PENDING_VALIDATION":
            self._due_at.pop(arn, None)
            return
        age = time.time() - doc["created_at"]
        self._due_at[arn] = time.time() + min(_SLOWEST_SECONDS, age * _SLOWER_PER_SECOND)
        if age > _VALIDATION_SECONDS:
            self._close(arn, {"status": "VALIDATION_TIMED_OUT"})
            return
        proven = {option["domain"] for option in doc["options"] if await self._proven(option)}
        try:
            forbidden = [name for name in doc["names"] if name in proven and not await allows(self._asker, name)]
        except NoAnswerError as error:
            _log.info("%s waits: %s", arn, error)
            return
        if forbidden:
            self._close(arn, {"status": "FAILED", "failure_reason": "CAA_ERROR"}, failed=forbidden)
        elif proven == set(doc["names"]):
            await self._issue(arn, doc)
        else:
            self._note(arn, proven)

    async def _proven(self, option: dict[str, Any]) -> bool:
        if option["status"] == "SUCCESS":
            return True
        with contextlib.suppress(NoAnswerError):
            return bool(await self._asker.cname(option["name"].rstrip(".")) == option["value"].rstrip("."))
        return False

    async def _issue(self, arn: str, doc: dict[str, Any]) -> None:
        from linkproof_lab.ca import issue

        key = _KEYS[doc["key_algorithm"]]
        # One key at a time: making an RSA key holds the interpreter, and requests must get their turn in between.
        async with self._issuing:
            issued = await asyncio.to_thread(issue, self._settings, list(doc["names"]), key=key)
        pems = {"cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem, "key_pem": issued.key_pem}
        self._close(
            arn, {"status": "ISSUED", "issued_at": time.time(), "not_after": issued.not_after.timestamp(), **pems}
        )

    def _note(self, arn: str, proven: set[str]) -> None:
        doc = self._store.get(KIND, arn)
        if doc is None:
            return
        options = [{**o, "status": "SUCCESS"} if o["domain"] in proven else o for o in doc["options"]]
        if options != doc["options"]:
            self._store.put(KIND, arn, {**doc, "options": options})

    def _close(self, arn: str, change: dict[str, Any], failed: list[str] | None = None) -> None:
        self._due_at.pop(arn, None)
        doc = self._store.get(KIND, arn)
        if doc is None:  # deleted while it was being issued
            return
        if change["status"] == "ISSUED":
            options = [{**option, "status": "SUCCESS"} for option in doc["options"]]
        else:
            options = [{**o, "status": "FAILED"} if not failed or o["domain"] in failed else o for o in doc["options"]]
        self._store.put(KIND, arn, {**doc, "options": options, **change})
