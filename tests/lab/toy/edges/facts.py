"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts

FACTS = Facts(title="Toy edge", package="toy", api=(100, 201), edges=((210, 1),))
