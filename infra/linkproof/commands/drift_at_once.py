"""`linkproof drift` of several stacks at once, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.drift.model import StackDrift


def of_stacks(stacks: Sequence[str], at_once: int, compare: Callable[[str], StackDrift]) -> list[StackDrift]:
    """In the order given. What shares a zone or an account is read one after the other: its vendor counts reading as well.

    Args:
        compare: one stack; it never raises.
    """
    from linkproof.commands.deploy_all import held_by
    from linkproof.commands.side_by_side import startable
    from linkproof.drift.model import StackDrift
    from linkproof.project import Project

    project = Project.find()
    holds = {stack: held_by(project, stack) for stack in stacks}
    waiting, running, found = list(stacks), dict[Future[StackDrift], str](), dict[str, StackDrift]()
    with ProcessPoolExecutor(at_once, get_context("spawn")) as pool:
        while waiting or running:
            held = {hold for stack in running.values() for hold in holds[stack]}
            for stack in startable(waiting, holds.__getitem__, held, at_once - len(running)):
                waiting.remove(stack)
                running[pool.submit(compare, stack)] = stack
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                stack = running.pop(done)
                try:
                    found[stack] = done.result()
                except Exception as error:
                    fix = "run it again, or this stack alone"
                    found[stack] = StackDrift(
                        stack, refused=f"its process ended ({type(error).__name__})", fix=fix, exit_if_refused=70
                    )
    return [found[stack] for stack in stacks]
