"""`pulumi preview` of 1,000 links against a hand-written program with the same resources, in turn."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from linkproof.engine.cli import QUICK_PREVIEW
from linkproof.history.keep import HISTORY_TYPE, SETTLED_TYPE

from bench.declarations import many
from bench.measure import Row, paired_ratio
from tests.engine.sandbox import REPOSITORY, Sandbox, sandbox

COMMAND = ".venv/bin/python -m bench.preview"
LINKS = 1000
PAIRS = 3


def rows(links: int = LINKS, pairs: int = PAIRS) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder)) as box:
        box.stack("dev", many(links))
        hand = _handwritten(box, links)
        ours, theirs = _resources(box, box.root), _resources(box, hand)
        kept = {rtype: ours.pop(rtype) for rtype in (HISTORY_TYPE, SETTLED_TYPE)}
        if ours != theirs:
            raise SystemExit(f"the programs differ: {ours} and {theirs} resources by type")
        seconds, floor, ratio = paired_ratio(lambda: preview(box, box.root), lambda: preview(box, hand), pairs)
    counted = sum(ours.values()) + sum(kept.values())
    shown = f"{seconds:.1f} s against {floor:.1f} s: {ratio:.2f}× ({counted:,} resources)"
    return [
        Row("`pulumi preview` of 1,000 links, against a hand-written program", shown, "≤ 1.1×", ratio <= 1.1, COMMAND)
    ]


def _handwritten(box: Sandbox, links: int) -> Path:
    """A second project with the same stack config and lab, whose program uses no toolkit."""
    root = box.root / "hand"
    root.mkdir()
    shutil.copytree(REPOSITORY / "bench" / "handwritten", root / "program")
    (root / ".venv").symlink_to(REPOSITORY / ".venv")
    project = yaml.safe_load((box.root / "Pulumi.yaml").read_text())
    del project["plugins"]  # a program without the toolkit keeps no history
    (root / "Pulumi.yaml").write_text(yaml.safe_dump({**project, "main": "program"}))
    stack = yaml.safe_load((box.root / "Pulumi.dev.yaml").read_text())
    stack["config"]["linkproof:links"] = links
    (root / "Pulumi.dev.yaml").write_text(yaml.safe_dump(stack))
    return root


def preview(box: Sandbox, root: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = ["pulumi", "preview", "--stack", "dev", "--non-interactive", "--suppress-outputs", *more]
    environment = box.environments["dev"] | QUICK_PREVIEW
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)
    return done


def _resources(box: Sandbox, root: Path) -> dict[str, int]:
    """Resources by type that a preview would create."""
    counts: dict[str, int] = {}
    for step in json.loads(preview(box, root, "--json").stdout)["steps"]:
        if step["op"] == "create":
            rtype = step["urn"].split("::")[2].rpartition("$")[2]
            counts[rtype] = counts.get(rtype, 0) + 1
    return dict(sorted(counts.items()))


if __name__ == "__main__":
    print(*rows(*map(int, sys.argv[1:])), sep="\n")
