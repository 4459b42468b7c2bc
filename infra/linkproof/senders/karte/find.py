"""Finding a certificate that a killed engine may have requested for a KARTE host."""

from __future__ import annotations

from collections.abc import Mapping

from linkproof.acm import CERTIFICATE, certificates
from linkproof.contract.find import Finder

WITHOUT_OBJECT: frozenset[str] = frozenset()
FINDERS: Mapping[str, Finder] = {CERTIFICATE: certificates}
