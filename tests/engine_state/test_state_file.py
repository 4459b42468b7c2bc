"""Whether a state was wholly written, in each of the backend's formats, and which file it is."""

from __future__ import annotations

import base64
import gzip
import os
from pathlib import Path

import pytest
from linkproof.engine.state_file import is_whole, remove_torn_attributes, restore, torn, variants

STATE = b'{"version": 3, "checkpoint": {"stack": "dev", "latest": {"resources": []}}}'
# As the program zstd writes it. The last one begins with blocks of one repeated octet.
ZSTD = {
    "checksum": "KLUv/QRYLQIAUgQPFbA3B3Brd72t2zhQktOFUYoVSVMCEa01IfB9E9Ohm2lTleImXznc94NF7ZnvChk1DiaBNwF8R2o25ToLAQDkw4QCZwexVQ==",
    "no checksum": "KLUv/QBYLQIAUgQPFbA3B3Brd72t2zhQktOFUYoVSVMCEa01IfB9E9Ohm2lTleImXznc94NF7ZnvChk1DiaBNwF8R2o25ToLAQDkw4QC",
    "known size": "KLUv/SRLLQIAUgQPFbA3B3Brd72t2zhQktOFUYoVSVMCEa01IfB9E9Ohm2lTleImXznc94NF7ZnvChk1DiaBNwF8R2o25ToLAQDkw4QCZwexVQ==",
    "repeated": "KLUv/QRYVAAAECAgAQD7/znAAgIAECBFAgBiBA8VsDcHcGt3va3bOFCS04VRihVJUwIRrTUh8H0T06GbaVOV4iZfOdz3g0Xtme8KGTUOJoE3AXxHajblOnMCAORzAO6JDtjsCBkD",
}
FORMATS = {".json": STATE, ".json.gz": gzip.compress(STATE)}


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    (tmp_path / "stacks" / "linkproof").mkdir(parents=True)
    return tmp_path


def file(backend: Path, ending: str) -> Path:
    return backend / "stacks" / "linkproof" / f"dev{ending}"


@pytest.mark.parametrize("ending", list(FORMATS))
def test_a_state_is_whole_only_to_its_last_octet(backend: Path, ending: str) -> None:
    state = file(backend, ending)
    for length in range(len(FORMATS[ending])):
        state.write_bytes(FORMATS[ending][:length])
        assert torn(backend, "linkproof", "dev") == state, length
    state.write_bytes(FORMATS[ending])
    assert torn(backend, "linkproof", "dev") is None


@pytest.mark.parametrize("how", list(ZSTD))
def test_a_zstd_state_is_whole_only_to_its_last_octet(backend: Path, how: str) -> None:
    state, data = file(backend, ".json.zst"), base64.b64decode(ZSTD[how])
    for length in range(len(data)):
        state.write_bytes(data[:length])
        assert not is_whole(state), length
    state.write_bytes(data)
    assert is_whole(state)
    state.write_bytes(data + b"\0")
    assert not is_whole(state)


@pytest.mark.parametrize("ending", [".json", ".json.gz", ".json.zst"])
def test_attributes_are_json_whatever_they_are_beside(backend: Path, ending: str) -> None:
    whole, half = file(backend, f"{ending}.attrs"), file(backend, f"{ending}.bak.attrs")
    whole.write_text('{"user.content_type": "text/plain"}')
    half.write_text('{"user.con')
    assert remove_torn_attributes(backend, "linkproof", "dev") == [half]
    assert whole.exists()


def test_no_state_is_not_a_torn_one(backend: Path) -> None:
    assert torn(backend, "linkproof", "dev") is None
    assert torn(None, "linkproof", "dev") is None
    assert restore(backend, "linkproof", "dev") is None


@pytest.mark.parametrize("ending", list(FORMATS))
@pytest.mark.parametrize("broken", [None, b"", b"half"])
def test_a_state_is_put_back_from_its_backup_in_its_own_format(
    backend: Path, ending: str, broken: bytes | None
) -> None:
    file(backend, f"{ending}.bak").write_bytes(FORMATS[ending])
    if broken is not None:
        file(backend, ending).write_bytes(broken)
    done = restore(backend, "linkproof", "dev")
    assert done is not None
    assert done.file == file(backend, ending)
    assert done.file.read_bytes() == FORMATS[ending]
    assert (done.torn.read_bytes() if done.torn else None) == broken, "the broken one is kept"


@pytest.mark.parametrize("ending", list(FORMATS))
def test_a_whole_state_is_never_put_back(backend: Path, ending: str) -> None:
    """Also where an older format's backup lies beside it: the engine leaves it when PULUMI_DIY_BACKEND_GZIP changes."""
    file(backend, ending).write_bytes(FORMATS[ending])
    for variant, data in FORMATS.items():
        file(backend, f"{variant}.bak").write_bytes(data)
    assert restore(backend, "linkproof", "dev") is None
    assert sorted(path.name for path in variants(backend, "linkproof", "dev") if path.exists()) == [f"dev{ending}"]


def test_the_youngest_backup_is_taken_and_a_torn_one_never(backend: Path) -> None:
    for age_seconds, ending in ((300, ".json"), (200, ".json.gz"), (100, ".json.zst")):
        backup = file(backend, f"{ending}.bak")
        backup.write_bytes(FORMATS.get(ending, b"torn"))
        os.utime(backup, (1_000_000_000 - age_seconds,) * 2)
    done = restore(backend, "linkproof", "dev")
    assert done is not None
    assert done.file == file(backend, ".json.gz")
