"""A user's folder with a chain and a key that KARTE takes, and ways to break each."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from linkproof.karte.bundle import Bundle, Sources, write_bundle
from linkproof.karte.refusal import RefusedError
from linkproof.names import HostName

from tests.chains import intermediate, key_pem, leaf, pem, root, rsa_key

HOST = "t.example.com"
NAMES = {"names": (HOST,)}


def own(**options):
    """A leaf for the host with the usual key."""
    return leaf(**{"key": rsa_key(), **NAMES, **options})


class Files:
    """`cert.pem`, `key.pem` and the private root `ca.pem`; every part can be replaced before `bundle`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        self.out.mkdir()
        self.cert, self.key = pem(own(), intermediate()), key_pem(rsa_key())
        self.anchor = root()
        self.beside: tuple[Path, ...] = ()

    def file(self, name: str, data: bytes, mode: int = 0o600) -> Path:
        file = self.folder / name
        file.write_bytes(data)
        file.chmod(mode)
        return file

    def sources(self) -> Sources:
        files = self.file("cert.pem", self.cert), self.file("key.pem", self.key), self.file("ca.pem", pem(self.anchor))
        return Sources((files[0],), files[1], self.beside, files[2])

    def bundle(self) -> Bundle:
        return write_bundle(HostName(HOST), self.sources(), self.out, datetime.now(UTC))

    def refused(self) -> RefusedError:
        with pytest.raises(RefusedError) as caught:
            self.bundle()
        assert list(self.out.glob("*.key")) == [], "nothing is written where anything is wrong"
        assert "PRIVATE KEY-----\nMII" not in str(caught.value)
        return caught.value

    def ids(self) -> set[str]:
        return {one.id for one in self.refused().refusals}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)
