"""What the engine itself does, and our code builds upon (`docs/engine.md`): a new version that does otherwise fails here."""

from __future__ import annotations

import json
import socket
from datetime import datetime
from pathlib import Path

import pytest
from linkproof.engine import backend, lock, state_file
from linkproof.engine.state import read_state

from tests.engine.toy.project import Toy

URN = "urn:pulumi:dev::toy::toy:index:Thing::"


@pytest.fixture
def toy(engine_present: None, tmp_path: Path) -> Toy:
    return Toy(tmp_path)


def test_protection_is_partial_without_a_preview_and_whole_with_one(toy: Toy) -> None:
    """Why nothing of ours says --skip-preview: what comes before the protected one is done when the engine meets it."""
    toy.program('other = Thing("other")', 'Thing("kept", protect=True, depends_on=[other])')
    toy.up()
    toy.program('other = Thing("other", "changed")', 'Thing("kept", zone="y", protect=True, depends_on=[other])')
    refused = toy.run("up", "--stack", "dev", "--yes", code=1)
    assert "marked for protection" in refused.stdout + refused.stderr
    assert toy.values() == ["v", "v"]
    toy.up(code=1)
    assert toy.values() == ["changed", "v"]


def test_a_killed_create_stays_pending_with_its_inputs_and_nobody_says_so(toy: Toy) -> None:
    """`recover` finds the object by these inputs; a plain `up` would make a second one and exit 0."""
    toy.program('Thing("a")')
    toy.kill_at("create", "up", "--stack", "dev", "--yes", "--skip-preview")
    [held] = lock.locks(toy.folder, "toy", "dev")
    assert (held.host, held.is_held()) == (socket.gethostname(), False)
    assert held.at is not None
    refused = toy.up(code=1)
    assert "currently locked" in refused.stdout + refused.stderr
    toy.run("cancel", "dev", "--yes")
    assert toy.locks() == []
    [operation] = toy.pending()
    assert operation["type"] == "creating"
    assert operation["resource"]["inputs"] == {"value": "v", "zone": "z"}
    assert "id" not in operation["resource"]
    toy.run("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")
    toy.up()
    assert toy.values() == ["v", "v"], "an orphan"
    assert [operation["type"] for operation in toy.pending()] == ["creating"]
    document = toy.export()
    file = toy.root / "state.json"
    document["deployment"]["pending_operations"] = []
    file.write_text(json.dumps(document))
    toy.run("stack", "import", "--stack", "dev", "--file", str(file))
    assert toy.pending() == []


def test_a_killed_update_is_settled_by_a_refresh_of_that_resource(toy: Toy) -> None:
    toy.program('Thing("a")')
    toy.up()
    toy.program('Thing("a", "changed")')
    toy.kill_at("update", "up", "--stack", "dev", "--yes", "--skip-preview")
    toy.run("cancel", "dev", "--yes")
    assert [operation["type"] for operation in toy.pending()] == ["updating"]
    assert toy.resource("a")["inputs"]["value"] == "v"
    toy.run("refresh", "--stack", "dev", "--yes", "--skip-preview", "--target", f"{URN}a")
    assert toy.pending() == []
    assert toy.resource("a")["inputs"]["value"] == "changed"


def test_a_killed_import_stays_pending_with_the_id_that_it_asks_for_and_no_inputs(toy: Toy) -> None:
    (toy.vendor / "object-mine").write_text(json.dumps({"value": "v", "zone": "z"}))
    arguments = ("import", "--stack", "dev", "--yes", "--skip-preview", "--generate-code=false")
    toy.kill_at("read", *arguments, "toy:index:Thing", "a", "mine")
    toy.run("cancel", "dev", "--yes")
    [operation] = toy.pending()
    assert operation["type"] == "importing"
    resource = operation["resource"]
    assert (resource["importID"], "inputs" in resource, "id" in resource) == ("mine", False, False)
    toy.run(*arguments, "toy:index:Thing", "a", "mine")
    assert toy.pending() == []
    assert toy.resource("a")["inputs"] == {"value": "v", "zone": "z"}


def test_a_resource_without_outputs_is_read_as_an_import_is(toy: Toy) -> None:
    """So `recover` gives a provider back what it made: with an id, and nothing that it said before."""
    toy.program('Thing("a")')
    toy.up()
    document = toy.export()
    made = next(r for r in document["deployment"]["resources"] if r["urn"] == f"{URN}a")
    made["outputs"] = {}
    file = toy.root / "state.json"
    file.write_text(json.dumps(document))
    toy.run("stack", "import", "--stack", "dev", "--file", str(file))
    toy.run("refresh", "--stack", "dev", "--yes", "--skip-preview", "--target", f"{URN}a")
    assert json.loads((toy.vendor / "read-outputs").read_text()) == []
    assert toy.resource("a")["outputs"] == {"value": "v", "zone": "z"}
    toy.run("preview", "--stack", "dev", "--expect-no-changes")


def test_a_failed_end_of_an_update_leaves_old_inputs_beside_new_outputs(toy: Toy) -> None:
    """Why both count as what a record may serve."""
    toy.program('Thing("a")')
    toy.up()
    before = toy.resource("a")
    toy.program('Thing("a", "changed")')
    toy.fault("update", "unready")
    toy.up(code=1)
    after = toy.resource("a")
    assert (after["inputs"]["value"], after["outputs"]["value"]) == ("v", "changed")
    assert datetime.fromisoformat(after["modified"]) > datetime.fromisoformat(before["modified"])
    assert after["created"] == before["created"]
    assert after["initErrors"]
    toy.fault("update", "")
    toy.program('Thing("a")')
    toy.run("preview", "--stack", "dev", "--expect-no-changes", code=7)


def test_a_replacement_that_fails_after_its_delete_is_pending_and_no_refresh_sees_it(toy: Toy) -> None:
    toy.program('Thing("a", delete_before_replace=True)')
    toy.up()
    toy.fault("create-before", "refuse")
    toy.program('Thing("a", zone="y", delete_before_replace=True)')
    toy.up(code=1)
    assert toy.values() == []
    left = toy.resource("a")
    assert left["pendingReplacement"] is True
    assert left["inputs"]["zone"] == "z"
    state = read_state(toy.export())
    assert ([r.name for r in state.leaving], state.find("toy:index:Thing", "a")) == (["a"], None)
    toy.run("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")
    toy.run("preview", "--stack", "dev", "--expect-no-changes", code=7)


def test_a_failed_deployment_is_the_youngest_of_the_history(toy: Toy) -> None:
    toy.program('Thing("a")')
    toy.fault("create-before", "refuse")
    toy.up(code=1)
    said = toy.run("stack", "history", "--stack", "dev", "--json", "--page-size", "1").stdout
    assert [(entry["kind"], entry["result"]) for entry in json.loads(said)] == [("update", "failed")]


def test_a_backup_is_one_step_older_and_a_torn_or_lost_state_is_not_put_back_by_the_engine(toy: Toy) -> None:
    toy.program('Thing("a")')
    toy.up()
    file = toy.states / "dev.json"
    older = json.loads((toy.states / "dev.json.bak").read_text())
    assert older["checkpoint"]["latest"] != json.loads(file.read_text())["checkpoint"]["latest"]
    assert state_file.current(toy.folder, "toy", "dev") == file
    file.write_text(file.read_text()[:100])
    assert state_file.torn(toy.folder, "toy", "dev") == file
    toy.run("stack", "export", "--stack", "dev", code=1)
    file.unlink()
    assert json.loads(toy.run("stack", "ls", "--json").stdout) == []
    toy.run("stack", "export", "--stack", "dev", code=6)


@pytest.mark.parametrize("variable", ["PULUMI_DIY_BACKEND_GZIP", "PULUMI_DIY_BACKEND_ZSTD", "PULUMI_SELF_MANAGED_STATE_GZIP"])  # fmt: skip
def test_a_compressed_state_is_recognised_as_whole(toy: Toy, variable: str) -> None:
    toy.program('Thing("a")')
    toy.run("up", "--stack", "dev", "--yes", "--skip-preview", variables={variable: "true"})
    file = state_file.current(toy.folder, "toy", "dev")
    assert file is not None
    assert file.name == f"dev.json.{'zst' if 'ZSTD' in variable else 'gz'}"
    assert state_file.is_whole(file)
    data = file.read_bytes()
    file.write_bytes(data[:-1])
    assert not state_file.is_whole(file)


@pytest.mark.parametrize(
    "form", ["file://{root}/here", "file://{root}/here/?no_tmp_dir=true", "file://{root}/my%20place", "file://./near", "file://.", "file://../beside"]
)  # fmt: skip
def test_the_backend_s_folder_is_where_the_engine_makes_it(toy: Toy, form: str) -> None:
    url = form.format(root=toy.root)
    found = backend.folder(url, toy.root)
    assert found is not None
    found.parent.mkdir(exist_ok=True)
    toy.run("stack", "init", "elsewhere", variables={"PULUMI_BACKEND_URL": url})
    assert [file.name for file in (found / "stacks" / "toy").glob("*.json")] == ["elsewhere.json"]


def test_a_renamed_stack_leaves_backups_and_takes_history_and_names_along(toy: Toy) -> None:
    """Why a backup alone is no reason to put a state back."""
    toy.program('Thing("a")')
    toy.up()
    toy.run("stack", "rename", "new", "--stack", "dev")
    names = {file.name for file in toy.states.iterdir()}
    assert {"dev.json.bak", "new.json"} <= names
    assert "dev.json" not in names
    document = json.loads(toy.run("stack", "export", "--stack", "new").stdout)
    assert {urn["urn"].split(":")[2] for urn in document["deployment"]["resources"]} == {"new"}
    assert json.loads(toy.run("stack", "history", "--stack", "new", "--json").stdout)
