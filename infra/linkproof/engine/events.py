"""What the engine says of a preview or of a refresh that changes nothing, read from its events.

The one document of `--json` leaves out what an unchanged input hides: outputs and ids of what was read, and what could
not be read. The events have both, so nothing is judged by an exit code (docs/engine.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from linkproof.engine.cli import Engine

# The single document is the CLI's default for these two.
_STREAM: Final = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
_READ: Final = "refresh"
_PROVIDERS: Final = "pulumi:providers:"
_UNCHANGED: Final = ("same", "read", "delete")
_SHOWN: Final = 600


@dataclass(frozen=True, slots=True)
class Step:
    """One step about one resource; secrets are masked by the engine.

    Args:
        op: the engine's own word.
        old: as the state has it; None where it does not.
        new: as the program wants it, or as the provider read it; None where it is gone.
        paths: of the properties that differ, as the engine writes them.
    """

    op: str
    urn: str
    type: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    paths: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True, slots=True)
class Told:
    """What one run said.

    Args:
        steps: one for each resource.
        failures: why a resource could not be read or previewed, by its URN.
        problems: what failed beside, in the engine's or the program's words.
        is_whole: it reached its end.
    """

    steps: tuple[Step, ...]
    failures: Mapping[str, str]
    problems: tuple[str, ...]
    is_whole: bool


def preview(engine: Engine) -> Told:
    """What the program wants, against the state.

    Raises:
        LinkproofError: there is no CLI, or it did not end.
    """
    return _run(engine, "preview")


def read_again(engine: Engine, exclude: tuple[str, ...] = (), *, runs_program: bool = True) -> Told:
    """What the providers read, against the state.

    Args:
        exclude: URNs that are not read.
        runs_program: it says what each provider is told; without it that is what the state has, which a rotated token makes old.

    Raises:
        LinkproofError: there is no CLI, or it did not end.
    """
    without = tuple(argument for urn in exclude for argument in ("--exclude", urn))
    program = ("--run-program",) if runs_program else ()
    return _run(engine, "refresh", "--preview-only", *program, *without)


def tells_providers_anew(told: Told) -> bool:
    """Whether the program tells some provider something else than the last deployment did.

    Args:
        told: by a preview.
    """
    return any(step.type.startswith(_PROVIDERS) and step.op not in _UNCHANGED for step in told.steps)


def _run(engine: Engine, *command: str) -> Told:
    done = engine.run(*command, "--json", "--stack", engine.stack, more=_STREAM)
    events = list(_events(done.stdout))
    told = told_by(events, is_refresh=command[0] == "refresh")
    if told.is_whole or told.failures or told.problems:
        return told
    return Told(told.steps, {}, (_tail(done.stderr or done.stdout),), is_whole=False)


def told_by(events: list[dict[str, Any]], *, is_refresh: bool) -> Told:
    """The steps among the engine's events.

    Args:
        is_refresh: only what was read counts; the program, which runs beside, says nothing of its own.
    """
    steps: dict[str, Step] = {}
    failures: dict[str, str] = {}
    problems: list[str] = []
    reading: set[str] = set()
    is_whole = False
    for event in events:
        if "summaryEvent" in event:
            is_whole = event["summaryEvent"].get("result", "succeeded") == "succeeded"
        elif "diagnosticEvent" in event:
            _diagnose(event["diagnosticEvent"], failures, problems)
        elif "resourcePreEvent" in event:
            step = _step(event["resourcePreEvent"])
            if not is_refresh:
                steps.setdefault(step.urn, step)
            elif step.op == _READ:
                reading.add(step.urn)
        elif is_refresh and "resOutputsEvent" in event:
            step = _step(event["resOutputsEvent"])
            if step.urn in reading:
                steps.setdefault(step.urn, step)
    return Told(tuple(steps.values()), failures, tuple(problems), is_whole and not failures)


def _diagnose(said: Mapping[str, Any], failures: dict[str, str], problems: list[str]) -> None:
    if said.get("severity") != "error":
        return
    text = " ".join(str(said.get("message", "")).removeprefix("Preview failed: ").split())[:_SHOWN]
    urn = str(said.get("urn") or "")
    if urn and "::pulumi:pulumi:Stack::" not in urn:
        failures.setdefault(urn, text)
    elif text and text != "preview failed":
        problems.append(text)


def _step(event: Mapping[str, Any]) -> Step:
    said = event["metadata"]
    detailed = said.get("detailedDiff")
    paths = tuple(detailed) if detailed else tuple(said.get("diffs") or ())
    return Step(said["op"], said["urn"], said["type"], said.get("old"), said.get("new"), paths)


def _events(output: str) -> Iterator[dict[str, Any]]:
    for line in output.splitlines():
        if line.startswith("{"):
            try:
                yield json.loads(line)
            except ValueError:
                continue  # cut off in the middle: then there is no summary either


def _tail(said: str) -> str:
    return " ".join(" ".join(said.strip().splitlines()[-6:]).split())[-_SHOWN:] or "the engine said nothing"
