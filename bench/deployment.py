"""What a deployment of stack `dev` costs, with the guard's questions, against an earlier commit: in turn, in one run.

Each side is the tree of its commit in a folder of its own, with the same packages, and lives in a network namespace of its own, for both labs
want the same ports. `python -m bench.deployment [PAIRS]`.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import venv
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench.internet.namespace import INSIDE, alone, bring_up_loopback, need, new_namespace, tell
from bench.measure import Row

COMMAND = ".venv/bin/python -m bench.deployment"
REPOSITORY = Path(__file__).resolve().parents[1]
EARLIER = "996efde"  # the last commit whose guard asks nobody
BEFORE = "99fc738"  # the last commit whose `make up` always started `pulumi up`
PAIRS = 3
GOAL, GOAL_OF_NOTHING = 1.1, 0.65
GUARD = "linkproof guard"
# The link that steps: its edge was never in use, so both guards let it go back; only the newer one asks first.
READY, BRANDED = "edge: aws\n    phase: ready", "edge: aws\n    phase: branded"


def rows(pairs: int = PAIRS) -> list[Row]:
    need("unshare", "setpriv", "ip", "git")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        sides = [
            stack.enter_context(_side(Path(folder) / name, revision))
            for name, revision in (("now", "HEAD"), ("earlier", EARLIER), ("before", BEFORE))
        ]
        for ask in sides:
            ask("up")
        measured = []
        for number in range(pairs):
            turn = sides if number % 2 == 0 else sides[::-1]
            told = {id(ask): {"deployment": ask("up"), "nothing": ask("nothing"), "step": ask("step")} for ask in turn}
            measured.append([told[id(ask)] for ask in sides])
            print(
                json.dumps(dict(zip(("now", "earlier", "before"), measured[-1], strict=True))),
                file=sys.stderr,
                flush=True,
            )
    return [_whole(measured), _guards(measured)]


def _whole(measured: list[list[dict[str, Any]]]) -> Row:
    now, before = ([sum(turn[side]["deployment"].values()) for turn in measured] for side in (0, 2))
    ratio = _median(a / b for a, b in zip(now, before, strict=True))
    return Row(
        f"a second `make up`, which changes nothing, against {BEFORE}, which started `pulumi up` all the same",
        f"{_median(now):.1f} s against {_median(before):.1f} s: {ratio:.2f}×",
        f"≤ {GOAL_OF_NOTHING}×",
        ratio <= GOAL_OF_NOTHING,
        COMMAND,
    )


def _guards(measured: list[list[dict[str, Any]]]) -> Row:
    """How much longer the deployment of then would take with the guard of now."""
    shares = {"nothing steps": [], "an edge goes": []}  # type: dict[str, list[tuple[float, float, float]]]
    for now, earlier, _ in measured:
        whole = sum(earlier["deployment"].values())
        for name, guards in (
            ("nothing steps", (now["nothing"][GUARD], earlier["nothing"][GUARD])),
            ("an edge goes", (now["step"][GUARD], earlier["step"][GUARD])),
        ):
            shares[name].append((*guards, (whole + guards[0] - guards[1]) / whole))
    ratios = {name: _median(share[2] for share in found) for name, found in shares.items()}
    shown = "; ".join(
        f"{name}: {_median(s[0] for s in found):.2f} s against {_median(s[1] for s in found):.2f} s, {ratios[name]:.2f}×"
        for name, found in shares.items()
    )
    return Row(
        f"what `guard` adds to that deployment of stack `dev`, against {EARLIER}",
        shown,
        f"≤ {GOAL}×",
        max(ratios.values()) <= GOAL,
        COMMAND,
    )


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


# one side -----------------------------------------------------------------------------------------
@contextmanager
def _side(root: Path, revision: str) -> Iterator[Callable[[str], dict[str, float]]]:
    """The tree of the revision and whoever works in it; what is given asks him, and gives seconds by command."""
    packed = subprocess.run(["git", "-C", str(REPOSITORY), "archive", revision], stdout=subprocess.PIPE, check=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(root, filter="data")
    _equip(root)
    command = [*new_namespace(), sys.executable, "-m", "bench.deployment", INSIDE, str(root)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdin is not None
        assert one.stdout is not None
        asked, answers = one.stdin, one.stdout

        def ask(what: str) -> dict[str, float]:
            print(what, file=asked, flush=True)
            line = answers.readline()
            if not line:
                raise SystemExit(f"{what} of {revision} failed, see above")
            said: dict[str, float] = json.loads(line)
            return said

        yield ask
        asked.close()


def _equip(root: Path) -> None:
    """An environment with this one's packages and the tree's own source, and the same CLI."""
    venv.create(root / ".venv", symlinks=True)
    project = tomllib.loads((root / "pyproject.toml").read_text())
    source = root / project["tool"]["setuptools"].get("package-dir", {}).get("", "")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = Path("lib") / version / "site-packages"
    (root / ".venv" / packages / "here.pth").write_text(f"{source}\n{REPOSITORY / '.venv' / packages}\n")
    module, _, function = project["project"]["scripts"]["linkproof"].partition(":")
    script = root / ".venv" / "bin" / "linkproof"
    script.write_text(
        f"#!{root}/.venv/bin/python\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n"
    )
    script.chmod(0o755)
    (root / ".cache").symlink_to(REPOSITORY / ".cache")


def inside(folder: str) -> None:
    bring_up_loopback()
    root = Path(folder)
    stack = root / "stacks" / "dev.yaml"
    declared = stack.read_text()
    if READY not in declared:
        raise SystemExit(f"{stack} has no link that is ready behind CloudFront")
    for line in sys.stdin:
        if line.strip() == "up":
            tell(**_seconds(["tools/up.sh", "dev"], root))
        else:
            if line.strip() == "step":
                stack.write_text(declared.replace(READY, BRANDED, 1))
            begun = time.monotonic()
            subprocess.run([".venv/bin/linkproof", "guard", "dev"], cwd=root, stdout=sys.stderr, check=True)
            tell(**{GUARD: time.monotonic() - begun})
            stack.write_text(declared)
    subprocess.run([".venv/bin/linkproof", "lab", "down"], cwd=root, stdout=sys.stderr, check=False)


def _seconds(command: list[str], root: Path) -> dict[str, float]:
    """How long each of the commands took that a script shows, by its first two words; `before` is what comes first."""
    spent: dict[str, float] = {}
    name, begun = "before", time.monotonic()
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            sys.stderr.write(line)
            if line.startswith("$ "):
                now = time.monotonic()
                spent[name] = spent.get(name, 0) + now - begun
                name, begun = " ".join(line.split()[1:3]), now
    spent[name] = spent.get(name, 0) + time.monotonic() - begun
    if process.returncode not in (0, 4):
        raise SystemExit(f"`{' '.join(command)}` in {root} ended with {process.returncode}")
    return {name: round(seconds, 3) for name, seconds in spent.items()}


if __name__ == "__main__":
    alone(rows, inside)
