"""KeyCDN: the zone of a plan with the user's own certificate, and its alias, through the lab's own API."""

from __future__ import annotations

from linkproof.edges.keycdn.facts import SETTINGS
from linkproof.edges.keycdn.items import Zone
from linkproof.plan.model import Plan
from linkproof_lab import ca
from linkproof_lab.edges.keycdn.control_plane.zones import Control
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store


def deploy(plan: Plan, settings: LabSettings, store: Store) -> None:
    (planned,) = (item for item in plan.items if isinstance(item, Zone))
    issued = ca.issue(settings, [planned.host], key="ec256")
    own = {"customsslcert": issued.cert_pem + issued.chain_pem, "customsslkey": issued.key_pem}
    control = Control(store)
    wanted = {**SETTINGS, "name": "lpone", "originurl": f"https://{planned.origin}", **own}
    made = control.answer("POST", ["zones"], wanted)["zone"]
    control.answer("POST", ["zonealiases"], {"name": planned.host, "zone_id": made["id"]})
