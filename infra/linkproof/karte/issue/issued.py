"""What a source gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its key, in memory.

    Args:
        chains: PEM, leaf first; the CA's own choice, then its alternates (RFC 8555 §7.4.2).
    """

    key: RSAPrivateKey
    chains: tuple[str, ...]
