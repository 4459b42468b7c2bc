"""The lab's API held against the client that the vendor made: npm's. PyPI's knows none of these calls, nor plain http."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from linkproof_lab.senders.sparkpost.facts import SPARKPOST_KEY

from tests.lab.sparkpost.running import HOST, SparkPostLab

CLIENT = Path(__file__).parent / "clients" / "node"


def test_the_node_client_is_answered_as_it_expects(lab: SparkPostLab, tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        assert not os.environ.get("CI"), "CI installs npm: see .ci/run"
        pytest.skip("no npm here: apt-get install npm")
    folder = tmp_path / "node"
    shutil.copytree(CLIENT, folder, ignore=shutil.ignore_patterns("node_modules"))
    install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"]
    subprocess.run(install, cwd=folder, timeout=300, check=True, capture_output=True)
    lab.publish((HOST, "CNAME", "spgo.io."))
    environment = {**os.environ, "LAB_URL": lab.url, "LAB_KEY": SPARKPOST_KEY}
    done = subprocess.run(
        ["node", "walk.js"], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [
        HOST,
        "SparkPostError 409 1602",
        "valid",
        "Successfully Created domain.",
        f"{HOST} valid",
        "1 false",
        "404 resource not found",
    ]
