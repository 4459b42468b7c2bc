"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts

FACTS = Facts(title="Azure Front Door", vendor="azure", package="azure-native", edges=((131, 1), (131, 2)))

# Below it every endpoint has a name.
DOMAIN = "z01.azurefd.net"
