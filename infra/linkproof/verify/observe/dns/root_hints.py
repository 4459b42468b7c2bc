"""The root servers, from a hints file in zone-file form."""

from __future__ import annotations

from pathlib import Path

from linkproof.errors import LinkproofError
from linkproof.verify.observations.vantage import ServerAddress

BUILT_IN = Path(__file__).parent / "root.hints"
_MAX_OCTETS = 1024 * 1024


class InvalidHintsError(LinkproofError):
    """The file names no root server with an address."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}", "give a root hints file such as https://www.internic.net/domain/named.root"
        )
        self.path = path


def load_hints(path: Path | None) -> tuple[ServerAddress, ...]:
    """Every address of every root server, IPv4 first.

    Args:
        path: the hints file; None for the root servers that IANA publishes.

    Raises:
        InvalidHintsError: the file cannot be read, is no zone file, or names no server with an address.
    """
    import dns.exception
    import dns.name
    import dns.rdatatype
    import dns.zonefile

    path = path or BUILT_IN
    try:
        if path.stat().st_size > _MAX_OCTETS:
            raise InvalidHintsError(path, "over 1 MiB")
        rrsets = dns.zonefile.read_rrsets(
            path.read_text("utf-8"),
            rdclass=None,
            default_rdclass=dns.rdataclass.IN,
            default_ttl=3600,
            origin=dns.name.root,
        )
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidHintsError(path, str(error)) from error
    except (dns.exception.DNSException, ValueError) as error:
        raise InvalidHintsError(path, f"not in zone-file form: {error}") from error
    names = {
        rdata.to_text().lower()
        for rrset in rrsets
        if rrset.rdtype == dns.rdatatype.NS and rrset.name == dns.name.root
        for rdata in rrset
    }
    servers = [
        ServerAddress(rrset.name.to_text().lower(), rdata.address)
        for rrset in rrsets
        if rrset.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA) and rrset.name.to_text().lower() in names
        for rdata in rrset
    ]
    if not servers:
        raise InvalidHintsError(path, "no root server with an address")
    return tuple(sorted(servers, key=lambda server: (server.family, server)))
