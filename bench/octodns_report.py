"""`octodns-report` over the small internet: the nearest that other tools come to asking every server."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.internet import plan
from bench.internet.command import run
from bench.internet.namespace import CannotMeasureError, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_START = "from octodns.cmds.report import main; main()"


@dataclass(frozen=True, slots=True)
class Report:
    """What it said.

    Args:
        unlike_each_other: names whose servers do not all answer the same, in its words `Consistent` is False.
        unlike_declared: names for which some server's answer is not the declared one; we compare, it does not.
    """

    seconds: float
    exit_code: int
    names: int
    unlike_each_other: list[str]
    unlike_declared: list[str]


def report(folder: Path, packages: Path, targets: Sequence[str], addresses: Sequence[str]) -> Report:
    """Run it with its own defaults over names whose declared targets are given.

    Raises:
        CannotMeasureError: it printed no table.
    """
    config = "manager:\n  include_meta: false\nproviders:\n  config:\n    class: octodns.provider.yaml.YamlProvider\n"
    config += f"    directory: {folder / 'octodns' / 'zones'}\n    default_ttl: {plan.TTL_SECONDS}\n    enforce_order: false\n"
    config += f"zones:\n  {plan.CUSTOMER}.:\n    sources: [config]\n    targets: []\n"
    file = write(folder / "octodns" / "config.yaml", config)
    declared = {f"{plan.click_host(number)}.": f"{target}." for number, target in enumerate(targets)}
    lines = sorted(f"{name.partition('.')[0]}: {{type: CNAME, value: {value}}}\n" for name, value in declared.items())
    write(folder / "octodns" / "zones" / f"{plan.CUSTOMER}.yaml", "---\n" + "".join(lines))
    command = [sys.executable, "-c", _START, "--config-file", str(file), "--zone", f"{plan.CUSTOMER}."]
    done = run([*command, "--source", "config", "--timeout", "5", *addresses], more_path=str(packages))
    table = list(csv.DictReader(io.StringIO(done.output.strip())))
    if not table or "Consistent" not in table[0]:
        raise CannotMeasureError(f"octodns-report, exit {done.exit_code}: {done.output[-2000:]}")
    unlike = [row["Name"] for row in table if row["Consistent"] != "True"]
    wrong = [row["Name"] for row in table if any(row[at] != declared[row["Name"]] for at in addresses)]
    return Report(done.seconds, done.exit_code, len(table), unlike, wrong)
