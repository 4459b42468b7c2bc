"""Taking over what exists: into the state, with nothing changed at any vendor.

All of it happens on a copy of the state first: imported round after round, for the name of a validation record is known
only once its certificate is; then compared by a preview, for the import compares nothing. The stack's own state is
replaced in one piece at the very end, so that a run that is killed has changed nothing, and the next one ends the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from linkproof.engine.adopt.differences import Difference, differences
from linkproof.engine.adopt.finish import finished
from linkproof.engine.adopt.look import Existing, existing, in_the_way
from linkproof.engine.adopt.scratch import Scratch, scratch_of
from linkproof.engine.adopt.take import import_document, missing_providers, take
from linkproof.engine.cli import Engine
from linkproof.engine.clients import Clients
from linkproof.engine.find import Held
from linkproof.engine.preview import Preview, preview
from linkproof.errors import LinkproofError
from linkproof.kept import Kept, kept_file, read_kept, write_kept

Say = Callable[[str], None]
# Certificates, their validation records, what stays as it was found, what that makes known; one more finds nothing more.
MOST_ROUNDS = 8
_OF_NO_VENDOR = ("pulumi:", "linkproof:")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user decides about differences.

    Args:
        accept: resources whose differences the next `pulumi up` may settle at the vendor.
        keep: resources, properties, or `resource:property`, that stay as they were found.
        keep_all: everything that can stay as it was found does, but for what is accepted.
    """

    accept: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    keep_all: bool = False

    def accepts(self, one: Difference) -> bool:
        """By the resource's name, which has to be said: one property's name would accept it at every resource."""
        return bool(self.accept & {one.name, f"{one.name}:{one.path}"})

    def keeps(self, one: Difference) -> bool:
        named = self.keep_all or self.keep & {one.name, one.path, f"{one.name}:{one.path}"}
        return one.kind != "delete" and bool(one.path) and one.can_be_kept and bool(named)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found, and what became of it.

    Args:
        found: objects taken over in this run, or that would be.
        kept: differences that are left as they were found.
        accepted: what the next deployment changes at the vendors, by the user's word.
        refused: why nothing was taken over; empty where it was.
        in_the_way: likewise: what would let a create fail.
        created: what the next deployment makes.
    """

    found: tuple[Existing, ...]
    kept: tuple[Difference, ...]
    accepted: tuple[Difference, ...]
    refused: tuple[Difference, ...]
    in_the_way: tuple[Existing, ...]
    created: tuple[str, ...]

    @property
    def is_refused(self) -> bool:
        return bool(self.refused or self.in_the_way)


def adopt(engine: Engine, clients: Callable[[], Clients], wishes: Wishes, say: Say, *, dry_run: bool) -> Outcome:
    """Take over what exists of all that is declared and not in the state.

    Args:
        say: is told what is being done.
        dry_run: find and compare only.

    Raises:
        LinkproofError: the last deployment was interrupted, the program refuses, a vendor cannot be asked, an object cannot
            be read, or somebody deployed meanwhile. The state is as it was.
    """
    document = engine.export()
    _refuse_interrupted(document, engine.stack)
    file = kept_file(engine.project.declaration_file(engine.stack), engine.stack)
    before = read_kept(file)
    with scratch_of(engine, _without_operations(document)) as copy:
        found, kept, last = _try(copy, before, clients, wishes, say)
        after, left = _with_all(before, kept), differences(last.steps)
        outcome = Outcome(
            tuple(found),
            tuple(kept),
            tuple(one for one in left if wishes.accepts(one)),
            tuple(one for one in left if not wishes.accepts(one)),
            tuple(in_the_way(last.steps, clients)),
            tuple(_created(last.steps)),
        )
        if dry_run or outcome.is_refused:
            return outcome
        state = copy.export()
    # The file first: with it and without the state nothing is lost, the other way round the next `up` would change things.
    if after != before:
        write_kept(file, after)
    if found:
        _refuse_moved(engine, document)
        engine.import_state(finished(state, [one.urn for one in found], datetime.now(UTC)))
    return outcome


def _try(
    copy: Scratch, before: Kept, clients: Callable[[], Clients], wishes: Wishes, say: Say
) -> tuple[list[Existing], list[Difference], Preview]:
    """Import into the copy until a preview creates nothing that exists and changes nothing that is to stay as it is.

    What stays can make more known: the validation record of a certificate that would be replaced has no name yet.

    Args:
        before: what stayed as it was found already.

    Returns:
        all that was found, what of it stays as it was found, and the last preview.
    """
    found: list[Existing] = []
    kept: list[Difference] = []
    for _ in range(MOST_ROUNDS):
        copy.keep(_with_all(before, kept))
        say("reading the program" if not found else "comparing what was declared with what is there")
        seen = preview(copy)
        known = copy.export()
        here = list(existing(seen.steps, clients, Held(_resources(known))))
        if here:
            say(f"reading {len(here)} that exist{'s' * (len(here) == 1)}")
            _take(copy, seen, here, _urns(known))
            found += here
            continue
        # what differs although it is to stay is no longer kept: it is refused
        tried = {(one.type, one.name, one.path) for one in kept}
        differing = [one for one in differences(seen.steps) if (one.type, one.name, one.path) not in tried]
        more = [one for one in differing if _stays(one, wishes)]
        if not more:
            return found, kept, seen
        # what is known only later may turn out to be the same, once what it comes from stays as it is
        kept += [one for one in more if not one.is_late] or more
    raise LinkproofError(
        f"there is still more to take over after {MOST_ROUNDS} rounds",
        f"run `linkproof doctor`, and report this with what `pulumi preview -s {copy.stack}` prints",
    )


def _take(copy: Scratch, seen: Preview, here: Sequence[Existing], known: Collection[str]) -> None:
    wanted = import_document(seen.skeleton, here)
    lost = missing_providers(wanted, known)
    if lost:
        raise LinkproofError(f"the engine names providers that nobody made: {', '.join(lost)}", "report this")
    take(copy, wanted)


def _stays(one: Difference, wishes: Wishes) -> bool:
    """Whether it is left as it was found."""
    if one.kind == "delete" or wishes.accepts(one):
        return False
    return one.is_unnoticed or bool(one.spelling) or wishes.keeps(one)


def _with_all(before: Kept, kept: Sequence[Difference]) -> Kept:
    after = before.with_more((one.type, one.name, one.path) for one in kept if not one.spelling)
    for one in kept:
        if one.spelling:
            after = after.with_spelling(one.type, one.name, one.path, one.spelling)
    return after


def _created(steps: Sequence[dict[str, Any]]) -> list[str]:
    """Names, with types, of what the next deployment makes at a vendor."""
    made = []
    for step in steps:
        _, _, types, name = str(step["urn"]).split("::", 3)
        rtype = types.rpartition("$")[2]
        if step.get("op") == "create" and not rtype.startswith(_OF_NO_VENDOR):
            made.append(f"{name} ({rtype.rpartition(':')[2]})")
    return made


def _refuse_interrupted(document: dict[str, Any], stack: str) -> None:
    pending = (document.get("deployment") or {}).get("pending_operations") or ()
    if any(operation.get("type") != "importing" for operation in pending):
        raise LinkproofError("the last deployment was interrupted", f"run `linkproof recover {stack}` first")


def _without_operations(document: dict[str, Any]) -> dict[str, Any]:
    """An import that was interrupted made nothing, and is made again."""
    deployment = {
        key: value for key, value in (document.get("deployment") or {}).items() if key != "pending_operations"
    }
    return {**document, "deployment": deployment}


def _refuse_moved(engine: Engine, before: dict[str, Any]) -> None:
    """What was deployed while this was looking would be forgotten."""
    now = engine.export()
    if now.get("deployment") != before.get("deployment"):
        raise LinkproofError("somebody deployed meanwhile", f"run `linkproof adopt {engine.stack}` again")


def _urns(document: dict[str, Any]) -> Collection[str]:
    return {one["urn"] for one in _resources(document)}


def _resources(document: dict[str, Any]) -> list[dict[str, Any]]:
    return (document.get("deployment") or {}).get("resources") or []
