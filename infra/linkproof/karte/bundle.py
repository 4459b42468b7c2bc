"""The two files that are uploaded at KARTE: the chain in nginx's order, and the key in PKCS #1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from linkproof.karte.chain import Chain, build_chain
from linkproof.karte.check import faults
from linkproof.karte.clients import fresh_key
from linkproof.karte.files import Certificate, certificates_of, read_certificates, read_key
from linkproof.karte.output import KEY_MODE, PUBLIC_MODE, write_new
from linkproof.karte.pem import STANDARD_INPUT, write_block
from linkproof.karte.refusal import Refusal, RefusedError
from linkproof.names import HostName
from linkproof.senders.karte.facts import RENEWAL

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Sources:
    """The user's own files.

    Args:
        certificates: the leaf's, and those with its intermediates.
        beside: certificates that must have another key: what was uploaded before, and those of other uses.
        ca: trust anchors beside the system's.
    """

    certificates: tuple[Path, ...]
    key: Path
    beside: tuple[Path, ...] = ()
    ca: Path | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written, and what a person is told of it.

    Args:
        not_after: when the first certificate of it ends.
        not_before: of the leaf.
    """

    certificate_file: Path
    key_file: Path
    not_before: datetime
    not_after: datetime
    notes: tuple[str, ...]

    @property
    def reminder(self) -> datetime:
        """From when the next one is to be made."""
        return RENEWAL.reminder(self.not_before, self.not_after)

    @property
    def last_day(self) -> date | None:
        """In Japan, on which the next one can be uploaded at the latest."""
        return RENEWAL.last_day(self.not_after)


def write_bundle(host: HostName, sources: Sources, folder: Path, now: datetime) -> Bundle:
    """Check the files and write the two; nothing where anything is wrong.

    Args:
        now: aware.

    Raises:
        RefusedError: KARTE or browsers would not take it.
        LinkproofError: a file is there already, or cannot be read or written.
    """
    key = read_key(sources.key, host.text)
    checked = _checked(host, read_certificates(list(sources.certificates)), key, now, sources.ca)
    used = _used(key, host, (*sources.beside, *_written(host, folder)))
    found = [*checked.refusals, *used]
    if found:
        raise RefusedError(found)
    return _write(host, checked, folder, tuple(_open_to_others(sources.key)))


def write_issued(
    host: HostName, key: RSAPrivateKey, chains: Sequence[str], folder: Path, now: datetime, ca: Path | None
) -> Bundle:
    """Check what a CA has made for a key in memory, and write the two files.

    Args:
        chains: of the one certificate, PEM, the CA's own choice first: the first that KARTE and browsers take is written.
        ca: trust anchors beside the system's.

    Raises:
        RefusedError: KARTE or browsers would take none of them; why not the first.
        LinkproofError: a file is there already, or cannot be written.
    """
    if used := list(_used(key, host, _written(host, folder))):
        raise RefusedError(used)
    refusals: Sequence[Refusal] = ()
    for text in chains:
        checked = _checked(host, certificates_of(text, "the CA's certificate"), key, now, ca)
        if not checked.refusals:
            notes = [
                f"the CA's own chain would be refused ({one.problem}); this is another of its" for one in refusals[:1]
            ]
            return _write(host, checked, folder, tuple(notes))
        refusals = refusals or checked.refusals
    raise RefusedError(refusals)


def last_written(host: HostName, folder: Path, now: datetime) -> Bundle | None:
    """The pair in this folder that is valid longest; None where there is none, or none that is valid still.

    Raises:
        RefusedError: a file of that name is no certificate.
    """
    found = []
    for file in _written(host, folder):
        chain = read_certificates([file])
        end = min(one.value.not_valid_after_utc for one in chain)
        if end > now and file.with_suffix(".key").is_file():
            begin = chain[0].value.not_valid_before_utc
            found.append(Bundle(file, file.with_suffix(".key"), begin, end, ()))
    return max(found, key=lambda one: one.not_after, default=None)


@dataclass(frozen=True, slots=True)
class _Checked:
    chain: Chain
    certificates: str
    private: str
    refusals: tuple[Refusal, ...]


def _checked(
    host: HostName, certificates: Sequence[Certificate], key: RSAPrivateKey, now: datetime, ca: Path | None
) -> _Checked:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    chain = build_chain(certificates, key, now)
    text = "".join(write_block("CERTIFICATE", one.der) for one in chain.path)
    private = write_block(
        "RSA PRIVATE KEY", key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    )
    return _Checked(chain, text, private, tuple(faults(chain, text + private, host.text, now, ca)))


def _write(host: HostName, checked: _Checked, folder: Path, notes: tuple[str, ...]) -> Bundle:
    chain = checked.chain
    end = min(one.value.not_valid_after_utc for one in chain.path)
    stem = f"{host.text}-until-{end:%Y-%m-%d}"
    files = folder / f"{stem}.crt", folder / f"{stem}.key"
    write_new({files[0]: (checked.certificates, PUBLIC_MODE), files[1]: (checked.private, KEY_MODE)})
    return Bundle(*files, chain.leaf.value.not_valid_before_utc, end, (*chain.notes, *notes))


def _written(host: HostName, folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{host.text}-until-*.crt"))


def _used(key: RSAPrivateKey, host: HostName, files: Sequence[Path]) -> Iterator[Refusal]:
    """Certificates of these files that have this key already: those named, and those written for the host before."""
    numbers = key.public_key().public_numbers()
    for file in files:
        for one in read_certificates([file]):
            if getattr(one.value.public_key(), "public_numbers", lambda: None)() == numbers:
                problem = f"{one.place}: {one.subject} has this key already; KARTE takes one that is used for nothing else (他の用途に利用していない)"
                yield Refusal(
                    "key.used",
                    problem,
                    f"make a new key for each certificate: linkproof karte csr {host.text}",
                    fresh_key(host.text),
                )
                break


def _open_to_others(key: Path) -> Iterator[str]:
    if key != STANDARD_INPUT and key.stat().st_mode & 0o077:
        yield f"{key}: others on this machine can read the key: chmod 600 {key}"
