"""What the engine's state says of click hosts that Caddy answers for."""

from __future__ import annotations

from linkproof.edges.caddy.facts import PROGRAM
from linkproof.servers.state import ServerState

_STATE = ServerState(PROGRAM)

TYPES = _STATE.TYPES
seen = _STATE.seen
planned = _STATE.planned
leads_here = _STATE.leads_here
late = _STATE.late
