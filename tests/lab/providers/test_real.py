"""The contract of the stand-ins is held against a real plug-in where one is found, and its absence is said."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import linkproof
import pytest
from linkproof_lab.providers.install import install
from linkproof_lab.settings import LabSettings

from tests.lab.providers import real

REPOSITORY = Path(linkproof.__path__[0]).resolve().parent


def plugin(folder: Path, name: str, number: str = "") -> Path:
    """A plug-in that somebody else has put there; it does what the lab's does, without its mark."""
    file = folder / f"resource-{name}-v{number or version(f'pulumi-{name}')}" / f"pulumi-resource-{name}"
    file.parent.mkdir(parents=True)
    run = f"import sys, runpy; sys.path.insert(0, {str(REPOSITORY)!r}); sys.argv.insert(1, '{name}'); runpy.run_module('linkproof_lab.providers', run_name='__main__')"
    file.write_text(f"#!{sys.executable}\n{run}\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize("name", ["aws", "cloudflare"])
def test_the_contract_is_held_against_a_real_plug_in(name: str) -> None:
    environment = dict(os.environ)
    found = real.find(name, environment)
    if found is None:
        pytest.skip(real.absent(name, environment))
    assert found.is_file()


def test_a_plug_in_is_found_in_the_engine_s_cache_or_where_the_variable_says(tmp_path: Path) -> None:
    home, named = tmp_path / "home", tmp_path / "named"
    cached, other = plugin(home / ".pulumi" / "plugins", "aws"), plugin(named, "aws")
    assert real.find("aws", {"HOME": str(home)}) == cached
    assert real.find("aws", {"HOME": str(tmp_path), "PULUMI_HOME": str(home / ".pulumi")}) == cached
    assert real.find("aws", {"HOME": str(home), real.VARIABLE: str(named)}) == other
    assert real.find("aws", {"HOME": str(home), real.VARIABLE: "off"}) is None
    assert real.find("cloudflare", {"HOME": str(home)}) is None
    assert str(home / ".pulumi" / "plugins") in real.absent("cloudflare", {"HOME": str(home)})


def test_the_version_of_the_sdk_goes_first(tmp_path: Path) -> None:
    plugin(tmp_path, "aws", "99.0.0")
    wanted = plugin(tmp_path, "aws")
    assert real.find("aws", {real.VARIABLE: str(tmp_path)}) == wanted


def test_a_lab_s_stand_in_is_not_taken_for_a_real_one(tmp_path: Path) -> None:
    settings = LabSettings(tmp_path)
    install(settings)
    assert list(settings.pulumi_home.glob("plugins/*/*"))
    assert real.find("aws", {"HOME": str(tmp_path), "PULUMI_HOME": str(settings.pulumi_home)}) is None


def test_the_suite_runs_with_what_was_found(tmp_path: Path) -> None:
    plugin(tmp_path, "cloudflare")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-rA", "--no-header"]
    chosen = ["tests/lab/providers/test_ruleset.py", "-k", "lives or misspelt"]
    done = subprocess.run(
        [*command, *chosen],
        cwd=Path(__file__).parents[3],
        env={**os.environ, real.VARIABLE: str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    for provider in ("stand-in", "real"):
        assert f"test_a_ruleset_lives_from_create_to_delete[{provider}]" in done.stdout
    assert "the real provider is not held to this: " in done.stdout
