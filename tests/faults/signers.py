"""DNS servers that sign their answers as they give them, with switches that break the signatures and the proofs on purpose."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import dns.dnssec
import dns.flags
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from tests.verify.servers import Honest

# Owner, type, value.
Proofs = list[tuple[str, str, str]]


class Signed(Honest):
    """Signs its answers (RFC 4035) with one key and denies by NSEC; `window`, by type `windows`, and the switches break it on purpose.

    `partners` are other signers of the same zone, whose keys it publishes beside its own.
    """

    algorithm = 13
    # which of the proofs of a denial is about the name itself
    covers_name = slice(0, 1)

    def __init__(self) -> None:
        super().__init__()
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.window = (-3600, 86400)
        self.windows: dict[str, tuple[int, int]] = {}
        self.unsigned: set[str] = set()
        self.without_keys = False
        self.proves_denials = True
        self.partners: list[Signed] = []
        # what becomes of the proofs and of the code of a denial, before they are signed
        self.spoil: Callable[[Proofs, str], Proofs] = lambda proofs, _: proofs
        self.says: int | None = None
        # the wildcard is signed and the name denied, as servers of signed files do; else the name that it stands for is signed
        self.expands_wildcards = False

    @property
    def key(self):
        return dns.dnssec.make_dnskey(self.private.public_key(), self.algorithm, flags=257)

    def ds(self, zone):
        return dns.dnssec.make_ds(zone, self.key, "SHA256").to_text()

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        zone = self._zone_of(name)
        if record_type == "DNSKEY" and name == zone and not self.without_keys:
            keys = [self.key, *(partner.key for partner in self.partners)]
            response.answer = [dns.rrset.from_rdata_list(name, self.ttl, keys)]
            response.authority = []
        if not query.ednsflags & dns.flags.DO or not response.flags & dns.flags.AA:
            return response
        is_expanded = self.expands_wildcards and not self._exists(zone, name)
        proofs: Proofs = []
        if not response.answer and self.proves_denials:
            proofs = self._denials(zone, name)
            response.set_rcode(response.rcode() if self.says is None else self.says)
        elif response.answer and is_expanded and self.proves_denials:
            proofs = self._denials(zone, name)[self.covers_name]
        proofs = self.spoil(proofs, name) if proofs else []
        for owner, kind, value in proofs:
            self._add(response.authority, owner, kind, [value])
        for section in (response.answer, response.authority):
            section += [
                self._sign(
                    zone, rrset, self._wildcard(zone, name) if is_expanded and section is response.answer else ""
                )
                for rrset in section
                if self._is_signed(rrset)
            ]
        return response

    def _denials(self, zone: str, name: str) -> Proofs:
        """The NSEC at the name; or else those before it and before the wildcard that might stand for it."""
        wanted = [name] if self._exists(zone, name) else [name, f"*.{self._encloser(zone, name)}"]
        names = sorted({dns.name.from_text(owner) for owner, _ in self.zones[zone]})
        found = []
        for one in map(dns.name.from_text, wanted):
            before = max(owner for owner in names if owner <= one)
            after = next((owner for owner in names if owner > before), dns.name.from_text(zone))
            found.append((before.to_text(), "NSEC", f"{after} {self._types(zone, before.to_text())} NSEC"))
        return list(dict.fromkeys(found))

    def _encloser(self, zone: str, name: str) -> str:
        while not self._exists(zone, name):
            name = name.partition(".")[2]
        return name

    def _types(self, zone: str, name: str) -> str:
        types = [kind for owner, kind in self.zones[zone] if owner == name]
        return " ".join([*types, "RRSIG"] if types else [])

    def _is_signed(self, rrset):
        return dns.rdatatype.to_text(rrset.rdtype) not in {*self.unsigned, "NS"}

    def _sign(self, zone, rrset, wildcard=""):
        now = time.time()
        start, end = self.windows.get(dns.rdatatype.to_text(rrset.rdtype), self.window)
        signed = dns.rrset.from_rdata_list(wildcard or rrset.name, rrset.ttl, list(rrset))
        signature = dns.dnssec.sign(
            signed,
            self.private,
            dns.name.from_text(zone),
            self.key,
            inception=now + start,
            expiration=now + end,
            policy=dns.dnssec.allow_all_policy,
        )
        return dns.rrset.from_rdata(rrset.name, self.ttl, signature)


class SignedByEd25519(Signed):
    algorithm = 15

    def __init__(self) -> None:
        super().__init__()
        self.private = ed25519.Ed25519PrivateKey.generate()


class SignedWithNsec3(Signed):
    """Denies by NSEC3 (RFC 5155): the closest name above that exists, then what is denied below it, then the wildcard there."""

    covers_name = slice(1, 2)
    # proofs made for each name, which cover that name's hash alone, as PowerDNS does
    narrow = False
    iterations = 0
    opt_out = False
    salt = b"\xab\xcd"

    def _denials(self, zone: str, name: str) -> Proofs:
        if self._exists(zone, name):
            return [self._nsec3(zone, name)]
        encloser = self._encloser(zone, name)
        nearer = name.removesuffix(encloser).rstrip(".").rpartition(".")[2] + f".{encloser}"
        return [self._nsec3(zone, one) for one in (encloser, nearer, f"*.{encloser}")]

    def _nsec3(self, zone: str, name: str) -> tuple[str, str, str]:
        """The record at the name's hash or before it."""
        wanted, chain = self.hash(name), self._chain(zone)
        hashes = sorted(chain)
        if self.narrow:
            before, after = around(wanted)
            if wanted in chain:
                return self.record(zone, wanted, after, self._types(zone, chain[wanted]))
            return self.record(zone, before, after, "")
        before = max((one for one in hashes if one <= wanted), default=hashes[-1])
        after = hashes[(hashes.index(before) + 1) % len(hashes)]
        return self.record(zone, before, after, self._types(zone, chain[before]))

    def record(self, zone: str, before: str, after: str, types: str) -> tuple[str, str, str]:
        value = f"1 {int(self.opt_out)} {self.iterations} {self.salt.hex() or '-'} {after} {types}"
        return f"{before}.{zone}", "NSEC3", value.strip()

    def _chain(self, zone: str) -> dict[str, str]:
        """Every name with something at it or below it, by hash."""
        names = set()
        for owner, _ in self.zones[zone]:
            name = owner
            while len(name) >= len(zone):
                names.add(name)
                name = name.partition(".")[2]
        return {self.hash(name): name for name in names}

    def hash(self, name: str) -> str:
        return dns.dnssec.nsec3_hash(name, self.salt, self.iterations, 1).lower()


def around(digest: str) -> tuple[str, str]:
    """The hash before this one and the hash after it: between them stands nothing else."""
    number = int.from_bytes(base64.b32hexdecode(digest.upper()))
    before, after = (base64.b32hexencode(((number + step) % 2**160).to_bytes(20)).decode().lower() for step in (-1, 1))
    return before, after
