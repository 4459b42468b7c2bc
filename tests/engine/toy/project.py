"""A project of a few lines on the real engine, with the toy provider: for what the engine does whatever the program is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linkproof.engine.environment import cli_folder
from linkproof.project import Project

from tests.engine.sandbox import REPOSITORY

PRELUDE = """
import pulumi
from pulumi import ResourceOptions

class Thing(pulumi.CustomResource):
    def __init__(self, name, value="v", zone="z", **options):
        super().__init__("toy:index:Thing", name, {"value": value, "zone": zone}, ResourceOptions(**options))

"""
_PROVIDER = """#!/bin/sh
PYTHONPATH={infra} exec {python} {provider} "$@"
"""


class Toy:
    """One project with one stack, `dev`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.vendor = root / "vendor"
        for folder in ("vendor", "plugin", "backend"):
            (root / folder).mkdir()
        plugin = root / "plugin" / "pulumi-resource-toy"
        provider = Path(__file__).with_name("provider.py")
        plugin.write_text(_PROVIDER.format(infra=REPOSITORY / "infra", python=sys.executable, provider=provider))
        plugin.chmod(0o755)
        project = {
            "name": "toy",
            "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}},
            "plugins": {"providers": [{"name": "toy", "path": "plugin"}]},
        }
        (root / "Pulumi.yaml").write_text(json.dumps(project))
        mine = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        folders = (str(Path(sys.executable).parent), str(cli_folder(Project(REPOSITORY))), mine["PATH"])
        self.environment = mine | {
            "PATH": os.pathsep.join(folders),
            "PULUMI_HOME": str(root / "home"),
            "PULUMI_BACKEND_URL": f"file://{root / 'backend'}",
            "PULUMI_CONFIG_PASSPHRASE": "of-a-test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "TOY_FOLDER": str(self.vendor),
        }
        self.program()
        self.run("stack", "init", "dev")

    # the program and the vendor -----------------------------------------------------------------
    def program(self, *lines: str) -> None:
        (self.root / "__main__.py").write_text(PRELUDE + "\n".join(lines) + "\n")

    def fault(self, call: str, how: str) -> None:
        """What the vendor does at that call from now on; nothing with an empty `how`."""
        (self.vendor / f"fault-{call}").write_text(how)
        (self.vendor / f"called-{call}").unlink(missing_ok=True)

    def values(self) -> list[str]:
        """What the vendor has."""
        return sorted(json.loads(file.read_text())["value"] for file in self.vendor.glob("object-*"))

    # the engine ----------------------------------------------------------------------------------
    def run(
        self, *arguments: str, code: int | None = 0, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the CLI; `code` is the exit code that it must end with, None for any."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.root,
            env={**self.environment, **(variables or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            stdin=subprocess.DEVNULL,
        )
        assert code is None or done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def up(self, *more: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        return self.run("up", "--stack", "dev", "--yes", "--skip-preview", *more, code=code)

    def kill_at(self, call: str, *arguments: str) -> None:
        """Start the CLI, and kill it once the vendor has been asked for that."""
        self.fault(call, "hang")
        running = subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        try:
            while not (self.vendor / f"called-{call}").exists():
                assert running.poll() is None, f"ended with {running.returncode} before it asked for {call}"
                time.sleep(0.05)
        finally:
            running.kill()
            running.wait(30)
        self.fault(call, "")

    # the state -----------------------------------------------------------------------------------
    @property
    def folder(self) -> Path:
        """Of the backend."""
        return self.root / "backend" / ".pulumi"

    @property
    def states(self) -> Path:
        return self.folder / "stacks" / "toy"

    def locks(self) -> list[Path]:
        return sorted((self.folder / "locks").rglob("*.json"))

    def export(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.run("stack", "export", "--stack", "dev").stdout)
        return document

    def pending(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.export()["deployment"].get("pending_operations") or []
        return found

    def resource(self, name: str) -> dict[str, Any]:
        """One resource of the state.

        Raises:
            StopIteration: the state has none of that name.
        """
        resources = self.export()["deployment"]["resources"]
        return next(resource for resource in resources if resource["urn"].endswith(f"::{name}"))
