"""What to try against the running lab, as commands for a shell: each service knows its own."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.state import State
from linkproof.plan.model import Plan
from linkproof.project import Project

from linkproof_lab.service import services
from linkproof_lab.settings import LabSettings


def hints(project: Project, plan: Plan, state: State) -> Iterator[tuple[str, list[str]]]:
    """Each thing to try, and its commands."""
    lab = LabSettings.load(project.lab_dir)
    for service in services():
        module = service.file("hints")
        if module is not None:
            yield from module.hints(lab, project.shown(lab.ca_file), plan, state)
