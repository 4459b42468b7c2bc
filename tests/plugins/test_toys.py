"""A toy edge, sender and DNS host keep what every plug-in must, with no other file changed than their folders and registry lines."""

from __future__ import annotations

import filecmp
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.overlay import REPOSITORY
from tests.plugins.toys import FOLDERS, LINES, with_toys

ASK = """
from linkproof import registry
from tests.plugins import suite

edge, sender, host = registry.edge("toy"), registry.sender("toy"), registry.dns("toy")
for plugin, key in ((edge, "provider"), (sender, "provider"), (host, "dns")):
    assert plugin.folder.is_relative_to({copy!r}), plugin.folder
    suite.facts_have_their_sources(plugin)
    suite.folder_is_whole(plugin)
    suite.options_name_the_plugin(plugin, key)
    declaration = suite.example_of(plugin)
    assert suite.uses(declaration, plugin)
    suite.plan_is_whole(declaration)
    accounts = {{"default": {{"toyedge": {{"api": "http://127.0.0.1:1"}}, "toydns": {{"api": "http://127.0.0.1:1"}}}}}}
    suite.everything_made_is_known(suite.program_makes_the_plan(declaration, plugin.folder / "example.yaml", accounts))
suite.an_edge_has_phases_in_order("toy")
print("kept")
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_toys(tmp_path_factory.mktemp("toys"))


def python(copy: Path, program: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(copy), str(REPOSITORY)])
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_toys_keep_what_every_plugin_must(copy: Path) -> None:
    done = python(copy, ASK.format(copy=str(copy)))
    assert (done.returncode, done.stdout.strip()) == (0, "kept"), done.stdout + done.stderr


def test_nothing_but_folders_and_registry_lines_is_changed(copy: Path) -> None:
    changed = _differing(filecmp.dircmp(REPOSITORY / "infra", copy, ignore=["__pycache__", "linkproof.egg-info"]), "")
    assert sorted(changed) == sorted([*LINES, *FOLDERS])


def test_an_edge_in_use_without_a_click_target_is_an_error(tmp_path: Path) -> None:
    copy = with_toys(tmp_path)
    plan = copy / "linkproof/edges/toy/plan.py"
    plan.write_text(plan.read_text().replace("click=Click(domain)", "click=None"))
    program = (
        "from linkproof import registry\nfrom linkproof.declaration.load import load\nfrom linkproof.plan.build import build\n"
        "build(load(registry.edge('toy').folder / 'example.yaml').declaration)\n"
    )
    done = python(copy, program)
    assert done.returncode != 0
    assert "edge toy gives no click target: its record would stay at the sender" in done.stderr


def _differing(found: filecmp.dircmp[str], below: str) -> list[str]:
    names = [f"{below}{name}" for name in (*found.diff_files, *found.left_only, *found.right_only)]
    for name, inner in found.subdirs.items():
        names += _differing(inner, f"{below}{name}/")
    return names
