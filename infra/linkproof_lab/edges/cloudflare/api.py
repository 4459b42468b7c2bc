"""What Cloudflare's API has on a zone's edge: rulesets, page rules, SSL and settings."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof_lab.edges.cloudflare.control_plane.rulesets import Rulesets
from linkproof_lab.edges.cloudflare.control_plane.ssl import Ssl
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.cloudflare.control_plane.contract import ZoneCall, ZoneService
from linkproof_lab.vendors.cloudflare.control_plane.envelope import Answer, plain_ok


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> ZoneService:
    return ZoneEdge(store)


class ZoneEdge:
    def __init__(self, store: Store) -> None:
        self._rulesets = Rulesets(store)
        self._ssl = Ssl(store)

    def claims(self, method: str, path: Sequence[str]) -> bool:
        match path:
            case ["rulesets", *_] | ["ssl", *_] | ["settings", _]:
                return True
            case ["pagerules"]:
                return method == "GET"
        return False

    def answer(self, call: ZoneCall) -> Answer:
        match call.path[0]:
            case "rulesets":
                return self._rulesets.answer(call)
            case "pagerules":
                call.require("Page Rules:Read")
                return 200, plain_ok([]), {}
        return self._ssl.answer(call)
