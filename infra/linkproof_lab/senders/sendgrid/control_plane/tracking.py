"""Click tracking of an account or subuser, `/v3/tracking_settings/click`."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof_lab.senders.sendgrid.control_plane.contract import Answer, Call, flag, no_route
from linkproof_lab.store import Store

KIND = "sendgrid-tracking"


class Tracking:
    def __init__(self, store: Store) -> None:
        self._store = store

    def claims(self, path: Sequence[str]) -> bool:
        return path[0] == "tracking_settings"

    async def answer(self, call: Call) -> Answer:
        if list(call.path) != ["tracking_settings", "click"] or call.method not in ("GET", "PATCH"):
            raise no_route()
        call.require(f"tracking_settings.click.{'read' if call.method == 'GET' else 'update'}")
        held = self._store.get(KIND, call.user.username) or {"enabled": True, "enable_text": False}
        if call.method == "PATCH":
            held = {name: flag(call.body, name, default=value) for name, value in held.items()}
            self._store.put(KIND, call.user.username, held)
        return Answer(200, held)
