"""Judge an evidence folder again: the same answers, this version's rules, and no network at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linkproof.verify.evidence.folder import read_folder
from linkproof.verify.evidence.playback import ReplaySession

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from linkproof.expectations.model import Expectations
    from linkproof.verify.result import VerificationResult


@dataclass(frozen=True, slots=True)
class Judged:
    """An evidence folder and what it means now."""

    expectations: Expectations
    result: VerificationResult


def judge_again(folder: Path, *, strict: bool = False, progress: Callable[[str], None] | None = None) -> Judged:
    """Judge what an earlier `--save` kept, with the expectations, options and clock of then.

    Args:
        folder: of `--save`.
        strict: warnings count, whatever the run said.
        progress: is told what is being done.

    Raises:
        DamagedEvidenceError: the folder is not a complete one, or was changed so that it cannot be read.
    """
    import asyncio

    from linkproof.verify.survey.rounds import conduct

    recording = read_folder(folder)
    options = replace(recording.options, strict=recording.options.strict or strict)
    session = ReplaySession(recording, folder)
    work = conduct(recording.expectations, options, session, recording.places, progress or _silent)
    return Judged(recording.expectations, asyncio.run(work))


def _silent(_: str) -> None:
    return None
