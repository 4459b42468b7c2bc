"""Nothing heavy is imported before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.commands.cli import REPOSITORY

HEAVY = [
    "pulumi",
    "pulumi_aws",
    "pulumi_cloudflare",
    "dns",
    "cryptography",
    "httpx",
    "rich",
    "boto3",
    "pydantic",
    "yaml",
    "aiohttp",
]


def imported(*arguments: str) -> set[str]:
    """The top-level packages that one command had imported when it ended."""
    code = (
        "import sys\nfrom linkproof.commands.main import main\n"
        f"sys.argv = ['linkproof', *{list(arguments)!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('\\nIMPORTED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.rpartition("IMPORTED ")[2].split())


@pytest.mark.parametrize("arguments", [("--help",), ("verify", "--help"), ("lab", "--help")])
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    heavy = imported(*arguments) & set(HEAVY)
    # typer itself uses pydantic once it has options to convert
    assert heavy <= (set() if arguments == ("--help",) else {"pydantic"}), heavy


@pytest.mark.parametrize("arguments", [("check", "stacks/dev.yaml"), ("plan", "stacks/dev.yaml")])
def test_checking_and_planning_need_no_engine_no_network_and_no_keys(arguments: tuple[str, ...]) -> None:
    heavy = imported(*arguments) & set(HEAVY)
    assert heavy <= {"yaml", "pydantic"}, heavy


def test_verify_loads_no_pulumi() -> None:
    assert (
        imported("verify", "--expectations", "no-such-file.json")
        & {"pulumi", "pulumi_aws", "pulumi_cloudflare", "boto3"}
        == set()
    )
