"""The locks hold what pyproject.toml asks for, and the tool that says so sees when they do not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tools import locks

HASH = f" \\\n    --hash=sha256:{'0' * 64}\n"
LOCK = f"alpha==1.5{HASH}Beta_Two==2.0 ; sys_platform == 'win32'{HASH}gamma==3.1{HASH}"
INSTALLED = {
    "alpha": (Version("1.5"), ["gamma[fast]>=3", "beta.two; sys_platform == 'win32'", "nothing; extra == 'unused'"]),
    "gamma": (Version("3.1"), ["alpha; extra == 'fast' and python_version >= '3.14'", "old; python_version < '3.11'"]),
}
WANTED = [Requirement("alpha>=1,<2")]


def seen(
    lock: str = LOCK,
    wanted: Sequence[Requirement] = WANTED,
    installed: dict[str, tuple[Version, list[str]]] = INSTALLED,
) -> list[str]:
    return list(locks.problems(wanted, locks.read_lock(lock), installed.get))


def test_a_fresh_lock_has_no_problem() -> None:
    assert seen() == []


@pytest.mark.parametrize(("lock", "wanted", "words"), [
    (LOCK, "alpha>=1.6", "alpha is locked at 1.5: pyproject.toml needs alpha>=1.6"),
    (LOCK.replace("gamma==3.1", "gamma==2.9"), "alpha", "gamma is locked at 2.9: alpha needs gamma[fast]>=3"),
    (LOCK, "delta", "delta is missing: pyproject.toml needs delta"),
    (LOCK.replace("gamma==3.1", "# "), "alpha", "gamma is missing: alpha needs gamma[fast]>=3"),
    (LOCK.replace("Beta_Two", "other"), "alpha", "beta-two is missing"),
    (LOCK.replace("Beta_Two", "other"), "alpha", "other is locked and nothing needs it"),
    (LOCK, "gamma", "beta-two is locked and nothing needs it"),
    (LOCK.replace(f"gamma==3.1{HASH}", "gamma==3.1"), "alpha", "gamma has no hash"),
    (LOCK.replace("alpha==1.5", "alpha==1.6"), "alpha", "alpha is locked at 1.6 and installed at 1.5"),
    (LOCK + f"delta==1{HASH}", "alpha", "delta is locked and not installed"),
])  # fmt: skip
def test_what_is_not_fresh_is_said(lock: str, wanted: str, words: str) -> None:
    assert any(words in problem for problem in seen(lock, [Requirement(wanted)])), seen(lock, [Requirement(wanted)])


def test_the_projects_own_extras_are_followed() -> None:
    project = {
        "name": "linkproof", "dependencies": ["base"],
        "optional-dependencies": {"dev": ["linkproof[lab]", "tool"], "lab": ["linkproof[aws]"], "aws": ["boto3"], "x": ["y"]},
    }  # fmt: skip
    assert {requirement.name for requirement in locks.wanted_by(project, ["dev"])} == {"base", "tool", "boto3"}


def test_the_locks_here_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert locks.main() == 0, capsys.readouterr().err
