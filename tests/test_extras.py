"""What is not installed is named in one line, with the extra that brings it; the verifier alone needs none of it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from linkproof.extras import libraries, missing

from tests.commands.cli import GOOD, REPOSITORY, environment

ABSENT = "import sys; sys.modules.update(dict.fromkeys({names!r})); sys.argv = ['linkproof', *{arguments!r}]; from linkproof.commands.main import main; main()"


def without(names: list[str], *arguments: str, cwd: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    """Run the command in an interpreter that does not have these modules."""
    program = ABSENT.format(names=names, arguments=arguments)
    return subprocess.run(
        [sys.executable, "-c", program], cwd=cwd, env=environment(), capture_output=True, text=True, check=False, timeout=120
    )  # fmt: skip


@pytest.mark.parametrize(("module", "arguments"), [("linkproof_lab", ["lab", "status"])])
def test_what_is_missing_is_named_with_its_extra(module: str, arguments: list[str]) -> None:
    done = without([module], *arguments)
    assert done.returncode == 2, done.stderr
    assert done.stderr.splitlines() == [
        f"error: this needs the extra {libraries()[module]}: {module} is not installed",
        f"  fix: pip install 'linkproof[{libraries()[module]}]'",
    ]


@pytest.mark.parametrize(
    ("module", "extra", "certificate"),
    [
        ("acme", "acme", "{source: acme, directory: https://acme.test/directory}"),
        ("boto3", "aws", "{source: acm, arn: 'arn:aws:acm:us-east-1:123456789012:certificate/0'}"),
    ],
)
def test_a_source_of_certificates_is_needed_where_it_is_declared(
    module: str, extra: str, certificate: str, tmp_path: Path
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (tmp_path / "Pulumi.t.yaml").write_text("config: {}\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "t.yaml").write_text(
        "version: 1\nzones:\n  example.com: {dns: manual}\ntracking_hosts:\n"
        f"  k: {{provider: karte, host: t.example.com, state: verifying, certificate: {certificate}}}\n"
    )
    done = without([module], "karte", "issue", "t", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert f"this needs the extra {extra}: {module} is not installed" in done.stderr


def test_the_verifier_alone_needs_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "prod.yaml").write_text(GOOD.replace("PHASE", "live"))
    expectations = '{"version": 1}'
    (tmp_path / "expectations.json").write_text(expectations)
    everything = [name for name in libraries() if name != "linkproof_lab"]
    for arguments in (["check", "prod.yaml"], ["plan", "prod.yaml"], ["diff", "prod.yaml", "prod.yaml"], ["diff", "prod.yaml", "prod.yaml", "--markdown"],
                      ["verify", "--expectations", "expectations.json"], ["explain"]):  # fmt: skip
        done = without([*everything, "linkproof_lab"], *arguments, cwd=tmp_path)
        # without a network `verify` has nothing proven, which is no error of the program
        assert done.returncode in ((0, 3) if arguments[0] == "verify" else (0,)), (arguments, done.stderr)
        assert "error:" not in done.stderr


@pytest.mark.parametrize(
    ("module", "extra"),
    [
        ("boto3", "aws"),
        ("botocore.exceptions", "aws"),
        ("httpx", "deploy"),
        ("pulumi", "deploy"),
        ("acme.messages", "acme"),
        ("distributed.client", "dask"),
    ],
)
def test_each_library_has_its_extra(module: str, extra: str) -> None:
    found = missing(ModuleNotFoundError(name=module))
    assert found is not None
    assert found.fix == f"pip install 'linkproof[{extra}]'"


def test_a_module_of_ours_that_is_missing_is_a_fault_of_linkproof() -> None:
    assert missing(ModuleNotFoundError(name="linkproof.verify.nothing")) is None


def test_every_extra_that_is_named_exists() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert set(libraries().values()) <= set(project["optional-dependencies"])
    base = " ".join(project["dependencies"])
    assert not any(name in base for name in ("pulumi", "boto3", "httpx", "aiohttp"))
