"""Where it is."""

from __future__ import annotations

from linkproof_lab.service import Facts

FACTS = Facts(title="Toy sender", origins=((220, 1),))
