"""Locks and torn files of a dead engine: mended only with its own lock, and said."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from linkproof.engine.state_file import TornStateError
from linkproof.engine.survivors import Whose
from linkproof.errors import LinkproofError

from tests.engine_state.deployed import resource
from tests.engine_state.fake_engine import FakeEngine, no_vendor, record, run


def test_a_lock_from_another_host_stops_everything(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "locks" / "organization" / "linkproof" / "dev"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text(json.dumps({"pid": 1, "hostname": "another.example"}))
    engine = FakeEngine(tmp_path, [record("p6.example.net")])
    with pytest.raises(LinkproofError, match=r"locked by process 1 on another\.example") as refused:
        run(engine, no_vendor)
    assert "pulumi cancel --stack dev" in refused.value.fix
    assert (folder / "x.json").exists()
    assert engine.told == []


def dead_lock(root: Path) -> Path:
    """A lock from before this host was started: nobody holds it."""
    folder = root / ".pulumi" / "locks" / "organization" / "linkproof" / "dev"
    folder.mkdir(parents=True)
    content = {"pid": 4194000, "hostname": socket.gethostname(), "timestamp": "2001-01-01T00:00:00Z"}
    (folder / "x.json").write_text(json.dumps(content))
    return folder / "x.json"


def states(root: Path) -> Path:
    folder = root / ".pulumi" / "stacks" / "linkproof"
    folder.mkdir(parents=True)
    return folder


def states_of(root: Path) -> Path:
    return root / ".pulumi" / "stacks" / "linkproof"


def test_a_backup_without_a_state_is_left_alone_without_a_dead_engine_s_lock(tmp_path: Path) -> None:
    """As `stack rename` and `stack rm` leave it."""
    (states(tmp_path) / "dev.json.bak").write_text('{"checkpoint": {}}')
    engine = FakeEngine(tmp_path, [])
    assert run(engine, no_vendor) == (False, [])
    assert not (states_of(tmp_path) / "dev.json").exists()


def test_a_dead_engine_s_torn_state_is_put_back_and_its_age_said(tmp_path: Path) -> None:
    lock = dead_lock(tmp_path)
    folder = states(tmp_path)
    (folder / "dev.json.bak").write_text('{"checkpoint": {}}')
    (folder / "dev.json").write_text('{"checkpoint": {"la')
    engine = FakeEngine(tmp_path, [], [resource("aws:route53/record:Record", "a.example.net/CNAME", outputs={"a": 1})])
    engine.document["deployment"]["manifest"] = {"time": "2026-11-28T00:10:00.5+09:00"}
    acted, said = run(engine, no_vendor)
    assert acted
    assert said[0].startswith("put the state back from dev.json.bak, as it was ")
    assert "(2026-11-28T00:10:00+09:00, 1 resources)" in said[0]
    assert said[0].endswith("the broken one is kept as dev.json.torn")
    assert (folder / "dev.json").read_text() == '{"checkpoint": {}}'
    assert not lock.exists()


def test_a_stack_whose_rename_was_killed_is_not_revived(tmp_path: Path) -> None:
    dead_lock(tmp_path)
    folder = states(tmp_path)
    (folder / "dev.json.bak").write_text('{"checkpoint": {}}')
    object_ = resource("aws:route53/record:Record", "a.example.net/CNAME", outputs={"a": 1})
    engine = FakeEngine(tmp_path, [], [object_])
    engine.siblings = {"prod": FakeEngine(tmp_path, [], [{**object_, "urn": object_["urn"].replace("test", "prod")}])}
    _, said = run(engine, no_vendor)
    assert "stack prod has the same objects" in said[0]
    assert not (folder / "dev.json").exists()
    assert (folder / "dev.json.bak").exists()


def test_a_state_is_not_left_restored_when_it_cannot_be_known_whether_the_stack_was_renamed(tmp_path: Path) -> None:
    """The next call would take it for whole, and revive the stack."""
    lock = dead_lock(tmp_path)
    folder = states(tmp_path)
    (folder / "dev.json.bak").write_text('{"checkpoint": {}}')
    engine = FakeEngine(tmp_path, [], [resource("aws:route53/record:Record", "a.example.net/CNAME", outputs={"a": 1})])
    engine.siblings, engine.refused = {"prod": FakeEngine(tmp_path, [])}, True
    with pytest.raises(LinkproofError, match="cannot be asked"):
        run(engine, no_vendor)
    assert not (folder / "dev.json").exists()
    assert lock.exists()


def test_a_torn_state_without_a_dead_engine_s_lock_is_said_with_the_way_to_mend_it(tmp_path: Path) -> None:
    folder = states(tmp_path)
    (folder / "dev.json.bak").write_text('{"checkpoint": {}}')
    (folder / "dev.json").write_text("{")
    with pytest.raises(TornStateError, match=r"the state of stack dev is torn") as refused:
        run(FakeEngine(tmp_path, []), no_vendor)
    assert f"cp -p {folder / 'dev.json.bak'} {folder / 'dev.json'}" in refused.value.fix
    assert (folder / "dev.json").read_text() == "{"


def test_a_dead_engine_s_provider_is_ended_whatever_the_backend_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may still be creating what the vendors are about to be asked for."""
    asked: list[Whose] = []
    monkeypatch.setattr("linkproof.engine.unlock.end_survivors", lambda whose, _say: asked.append(whose))
    engine = FakeEngine(tmp_path, [])
    run(engine, no_vendor)
    assert asked == [], "a file backend has a lock, where an engine was killed"
    engine.backend = "s3://states"
    run(engine, no_vendor)
    assert [(whose.root, whose.backend) for whose in asked] == [(tmp_path, "s3://states")]


def test_torn_attributes_of_this_stack_alone_are_removed(tmp_path: Path) -> None:
    folder = states(tmp_path)
    for name in ("dev.json", "other.json"):
        (folder / name).write_text("{}")
        (folder / f"{name}.attrs").write_text("")
    (folder / "dev.json.bak.attrs").write_text("{}")
    assert run(FakeEngine(tmp_path, []), no_vendor)[0]
    assert sorted(file.name for file in folder.glob("*.attrs")) == ["dev.json.bak.attrs", "other.json.attrs"]
