"""Which resources go, and a move that is killed after any of its steps: run again it ends the same."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from linkproof.engine.cli import Engine
from linkproof.engine.move.declared import MoveError, Side, declared_after
from linkproof.engine.move.journal import (
    ChangedMeanwhileError,
    Journal,
    digest,
    journal_file,
    keep_journal,
    read_journal,
    refuse_half_moved,
    steps,
)
from linkproof.engine.move.resources import moving
from linkproof.errors import LinkproofError
from linkproof.history.keep import HISTORY_TYPE
from linkproof.plan.build import build
from linkproof.project import Project

from tests.engine_state.deployed import distribution, route53
from tests.managed import read

ZONES = "version: 1\nzones:\n  example.net: {dns: route53, id: Z0EXAMPLE0NET}\n"


def _side(stack: str, text: str) -> Side:
    return Side(stack, f"stacks/{stack}.yaml", text, read(text), None)


def _link(key: str, number: int, phase: str = "ready", more: str = ", edge: aws") -> str:
    return f"  {key}: {{sender: sendgrid, click_host: url{number}.example.net, owner_host: {number}.example.net, phase: {phase}{more}}}\n"


EDGES = "edges:\n  aws: {provider: cloudfront}\n"
SOURCE = f"{ZONES}{EDGES}links:\n{_link('one', 1)}{_link('two', 2)}"
TARGET = f"{ZONES}links:\n{_link('three', 3, 'branded', '')}"


def _document(*hosts: str) -> dict[str, Any]:
    resources = [one for host in hosts for one in (route53(host), distribution(host))]
    return {"version": 3, "deployment": {"resources": resources}}


def test_what_the_plans_no_longer_share_goes_and_what_both_use_is_made_again() -> None:
    source, target = _side("a", SOURCE), _side("b", TARGET)
    declared = declared_after(source, target, ["one"])
    before = build(source.declaration), build(target.declaration)
    found = moving(
        before,
        (build(declared.source), build(declared.target)),
        declared,
        _document("url1.example.net", "url2.example.net"),
    )
    assert {urn.rpartition("::")[2] for urn in found.urns} == {"url1.example.net/CNAME", "url1.example.net"}
    assert {rtype.rpartition(":")[2] for rtype, _ in found.copied} == {"OriginRequestPolicy"}
    assert found.left == frozenset()
    assert "aws" in declared.source.edges, "a link that stays names it"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (TARGET.replace("Z0EXAMPLE0NET", "Z0OTHER"), "zones.example.net is not the same in both: test.yaml:3:3 and"),
        (
            TARGET.replace("links:", "edges:\n  aws: {provider: cloudfront, account: other}\nlinks:"),
            "edges.aws is not the same",
        ),
        (f"{TARGET}{_link('one', 9, 'branded', '')}", "has a link one already"),
        (f"nonce: abcdefgh12\n{TARGET}", "nonce"),
        (f"lab: true\n{TARGET}", "in the lab"),
        (TARGET.replace("links:", "  sub.example.net: {dns: manual}\nlinks:"), "would be in sub.example.net"),
        (TARGET.replace("url3.example.net", "1.example.net").replace("three", "x"), "example.net is"),
    ],
)
def test_files_that_contradict_each_other_are_refused_with_both_places(target: str, said: str) -> None:
    with pytest.raises(MoveError, match=said):
        declared_after(_side("a", SOURCE.replace("url1", "url1.sub")), _side("b", target), ["one"])


def test_one_zone_s_rulesets_never_get_two_owners() -> None:
    head = "version: 1\nzones:\n  example.com: {dns: cloudflare, id: 023e105f4ecef8ad9ca31a8372d0c353}\nedges:\n  cf: {provider: cloudflare}\nlinks:\n"
    links = [
        f"  {key}: {{sender: sendgrid, click_host: url{n}.example.com, owner_host: {n}.example.com, edge: cf, phase: ready}}\n"
        for n, key in enumerate(("one", "two"))
    ]
    source, target = _side("a", head + "".join(links)), _side("b", TARGET)
    with pytest.raises(MoveError, match=r"stacks\.rulesets-twice"):
        declared_after(source, target, ["one"])
    both = declared_after(source, target, ["one", "two"])
    assert [entry for entry in both.gone if entry[0] != "links"] == [("zones", "example.com"), ("edges", "cf")]


# killed ---------------------------------------------------------------------------------------
@dataclass
class Kept:
    """A state in a file: what a backend is to the journal."""

    file: Path
    imports: list[str] = field(default_factory=list)

    def export(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.file.read_text())
        return found

    def import_state(self, document: dict[str, Any]) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(document))
        fresh.replace(self.file)
        self.imports.append(self.file.stem)


def _state(stack: str, *names: str) -> dict[str, Any]:
    resources = [{"urn": f"urn:pulumi:{stack}::p::t::{name}", "id": name, "type": "t"} for name in names]
    return {"version": 3, "deployment": {"resources": resources}}


FILES = (("stacks/b.yaml", "b\n", "b\nx\n"), ("stacks/a.yaml", "a\nx\n", "a\n"), ("stacks/adopted/b.yaml", "", "new\n"))


def _begun(root: Path) -> tuple[Project, Journal]:
    (root / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (root / "stacks").mkdir()
    for name, before, _ in FILES[:2]:
        (root / name).write_text(before)
    before = _state("a", "kept", "x"), _state("b", "own")
    for document, stack in zip(before, "ab", strict=True):
        (root / f"{stack}.json").write_text(json.dumps(document))
    journal = Journal(
        "a", "b", ("x",), ("urn:pulumi:a::p::t::x",), (digest(before[0]), digest(before[1])),
        (_state("a", "kept"), _state("b", "own", "x")), FILES,
    )  # fmt: skip
    return Project(root), journal


def _run(project: Project, journal: Journal, kill_after: int | None = None) -> None:
    for number, _ in enumerate(
        steps(project, journal, lambda stack: cast("Engine", Kept(project.root / f"{stack}.json")))
    ):
        if number == kill_after:
            os.kill(os.getpid(), signal.SIGKILL)


def _all(root: Path) -> dict[str, str]:
    return {str(file.relative_to(root)): file.read_text() for file in sorted(root.rglob("*")) if file.is_file()}


def test_a_kill_after_any_step_leaves_what_the_next_run_ends_the_same(tmp_path: Path) -> None:
    roots = [tmp_path / str(number) for number in range(7)]
    ended = []
    for number, root in enumerate(roots):
        root.mkdir()
        project, journal = _begun(root)
        keep_journal(project, journal)
        killed = number < 6
        child = multiprocessing.get_context("fork").Process(
            target=_run, args=(project, journal, number if killed else None)
        )
        child.start()
        child.join(60)
        assert child.exitcode == (-signal.SIGKILL if killed else 0)
        left = read_journal(project)
        assert (left is None) == (number >= 5)
        if left is not None:
            assert left == journal
            with pytest.raises(LinkproofError, match="was interrupted"):
                refuse_half_moved(project, "a")
            refuse_half_moved(project, "c")
            _run(project, left)
        ended.append(_all(root))
    assert all(one == ended[0] for one in ended)
    assert ended[0]["stacks/a.yaml"] == "a\n"
    assert ended[0]["stacks/b.yaml"] == "b\nx\n"
    assert json.loads(ended[0]["a.json"]) == _state("a", "kept")
    assert json.loads(ended[0]["b.json"]) == _state("b", "own", "x")
    assert not [name for name in ended[0] if ".linkproof" in name]


@pytest.mark.parametrize("what", ["stacks/a.yaml", "a.json"])
def test_what_somebody_changed_in_the_middle_is_not_overwritten(tmp_path: Path, what: str) -> None:
    project, journal = _begun(tmp_path)
    keep_journal(project, journal)
    next(steps(project, journal, lambda stack: cast("Engine", Kept(tmp_path / f"{stack}.json"))))
    changed = "mine\n" if what.endswith("yaml") else json.dumps(_state("a", "kept", "x", "more"))
    (tmp_path / what).write_text(changed)
    with pytest.raises(ChangedMeanwhileError, match="changed since the move began"):
        _run(project, journal)
    assert (tmp_path / what).read_text() == changed
    assert journal_file(project).exists()


@pytest.mark.parametrize("what", ["stacks/b.yaml", "b.json", "a.json"])
def test_what_somebody_changed_before_anything_was_written_ends_the_move(tmp_path: Path, what: str) -> None:
    project, journal = _begun(tmp_path)
    keep_journal(project, journal)
    (tmp_path / what).write_text("mine\n" if what.endswith("yaml") else json.dumps(_state(what[0], "more")))
    with pytest.raises(LinkproofError, match="nothing was changed by it"):
        _run(project, journal)
    assert not journal_file(project).exists()


def test_links_whose_records_people_write_move_by_their_history_alone(tmp_path: Path) -> None:
    project, journal = _begun(tmp_path)
    states = []
    for stack, before, after in (("a", ["k", "x"], ["k"]), ("b", ["own"], ["own", "x"])):
        both = []
        for keys in (before, after):
            history = {
                "urn": f"urn:pulumi:{stack}::p::h::records",
                "type": HISTORY_TYPE,
                "id": "h",
                "outputs": {"records": dict.fromkeys(keys, "v")},
            }
            both.append({"version": 3, "deployment": {"resources": [history]}})
        (tmp_path / f"{stack}.json").write_text(json.dumps(both[0]))
        states.append(both)
    journal = dataclasses.replace(
        journal, urns=(), before=(digest(states[0][0]), digest(states[1][0])), after=(states[0][1], states[1][1])
    )
    keep_journal(project, journal)
    _run(project, journal)
    assert [json.loads((tmp_path / f"{stack}.json").read_text()) for stack in "ab"] == [states[0][1], states[1][1]]


def test_the_journal_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    project, journal = _begun(tmp_path)
    keep_journal(project, journal)
    assert journal_file(project).stat().st_mode & 0o077 == 0
