"""What the guard has seen of edges that are to go: since when a record that nobody dates is away from its edge.

A record that people write, or that was lost, has no date in the state. The first time that every server is seen away
from the edge is remembered beside the state, and the time that resolvers may hold the old answer counts from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from linkproof.engine.guard.asking import Answer, Question

VERSION = 1


class Sightings:
    """The memory of one stack, in a file that may be lost: then the time counts from the next look.

    Args:
        file: where it is kept.
        deployment: when the engine last wrote the state. What was seen before may have changed with it, and is forgotten.
    """

    def __init__(self, file: Path, deployment: str) -> None:
        self._file, self._deployment = file, deployment
        self._seen = _read(file, deployment)

    def remember(
        self, questions: Sequence[Question], ask: Callable[[Sequence[Question]], Mapping[str, Answer]], now: datetime
    ) -> dict[str, Answer]:
        """Ask, and give each answer the moment since which its host is away. Hosts that are not asked about are forgotten."""
        answers = ask(questions)
        before, self._seen = self._seen, {}
        dated = {
            question.host: self._dated(question, answers[question.host], before.get(question.host, {}), now)
            for question in questions
            if question.host in answers
        }
        self._write()
        return dated

    def _dated(self, question: Question, answer: Answer, before: dict[str, Any], now: datetime) -> Answer:
        ttl = max(int(before.get("ttl_seconds") or 0), answer.ttl_seconds or 0)
        kept: dict[str, Any] = {"ttl_seconds": ttl, "at_edge": bool(before.get("at_edge"))}
        if answer.whereabouts == "at-edge":
            kept["at_edge"] = True
        elif answer.whereabouts == "away" and (question.is_undated or kept["at_edge"]):
            kept["away_since"] = before.get("away_since") or now.isoformat()
        elif "away_since" in before:
            kept["away_since"] = before["away_since"]  # a server that is silent now has not gone back
        self._seen[question.host] = kept
        if answer.whereabouts != "away" or "away_since" not in kept:
            return replace(answer, ttl_seconds=ttl or None)
        return replace(answer, ttl_seconds=ttl or None, away_since=datetime.fromisoformat(kept["away_since"]))

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        scratch = self._file.with_suffix(".new")
        document = {"version": VERSION, "deployment": self._deployment, "hosts": self._seen}
        scratch.write_text(json.dumps(document, indent=1) + "\n")
        scratch.replace(self._file)


def _read(file: Path, deployment: str) -> dict[str, dict[str, Any]]:
    """What is remembered of this deployment; nothing where the file is gone, torn or of another one."""
    try:
        document = json.loads(file.read_text())
        hosts = document["hosts"]
        is_ours = bool(deployment) and document["version"] == VERSION and document["deployment"] == deployment
        for entry in hosts.values():
            if "away_since" in entry and datetime.fromisoformat(entry["away_since"]).tzinfo is None:
                return {}
            int(entry.get("ttl_seconds") or 0)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return dict(hosts) if is_ours else {}
