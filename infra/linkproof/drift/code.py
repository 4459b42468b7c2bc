"""code = state: what the next deployment would do, and what the last one left unfinished. Neither is in an exit code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from linkproof.drift.changes import changed
from linkproof.drift.model import Comparison, Item
from linkproof.engine.events import Step, Told

COMPARISON: Final[Comparison] = "code = state"
# The engine's own instances, components and the history: no vendor has anything of it.
OF_NO_VENDOR: Final = ("pulumi:", "linkproof:")
_CREATES: Final = ("create", "import")
_REPLACES: Final = ("replace", "create-replacement", "delete-replaced")
_DELETES: Final = ("delete", "discard-replaced")


def items(told: Told, state: Mapping[str, Any], stack: str) -> Iterator[Item]:
    """Everything that code and state do not agree about.

    Args:
        told: by a preview.
        state: the exported document.
    """
    unfinished = list(_unfinished(state, stack))
    yield from unfinished
    known = {item.subject for item in unfinished}
    up = f"deploy it, or take the change out of the declaration: `pulumi preview -s {stack} --diff` shows it whole"
    for step in told.steps:
        if not step.type.startswith(OF_NO_VENDOR) and not (step.op in (*_CREATES, *_REPLACES) and step.name in known):
            yield from _of_step(step, up)
    for urn, reason in told.failures.items():
        yield _unknown(urn.rpartition("::")[2], reason)
    for reason in told.problems:
        yield _unknown("the program", reason)


def _unknown(subject: str, reason: str) -> Item:
    return Item("could not check", COMPARISON, subject, why=reason, fix="mend what it says, then run this again")


def _of_step(step: Step, up: str) -> Iterator[Item]:
    old, new = step.old or {}, step.new or {}
    if step.op in _CREATES:
        yield Item("drift", COMPARISON, step.name, step.type, "", "declared", "not deployed", "it was never made", up)
        return
    if step.op in _DELETES:
        why = "it left the declaration, and the next deployment deletes it"
        yield Item("drift", COMPARISON, step.name, step.type, "", "not declared", "deployed", why, up)
        return
    if bool(old.get("protect")) != bool(new.get("protect")) and step.op != "read":
        yield _protection(step, is_wanted=bool(new.get("protect")))
    if step.op == "update" or step.op in _REPLACES:
        found = list(changed(step.type, step.paths, old, new))
        for path, before, after in found:
            why = "the next deployment makes it anew" if step.op in _REPLACES else "the next deployment changes it"
            yield Item("drift", COMPARISON, step.name, step.type, path, after, before, why, up)
        if not step.paths:
            why = "the last change of it did not end well: what the state says of it may not be so"
            yield Item("drift", COMPARISON, step.name, step.type, "", "as declared", "not finished", why, up)


def _protection(step: Step, *, is_wanted: bool) -> Item:
    words = {True: "protected", False: "not protected"}
    why = "somebody let go of it: one mistake in the declaration would now delete what clicks need"
    if not is_wanted:
        why = "it is kept although nothing needs it any more"
    fix = "the next `pulumi up` sets it again; ask who ran `pulumi state unprotect`"
    return Item(
        "drift", COMPARISON, step.name, step.type, "protect", words[is_wanted], words[not is_wanted], why, fix
    )  # fmt: skip


def _unfinished(state: Mapping[str, Any], stack: str) -> Iterator[Item]:
    deployment = state.get("deployment") or {}
    recover = f"run `linkproof recover {stack}`, then deploy"
    for operation in deployment.get("pending_operations") or ():
        resource = operation["resource"]
        name, kind = str(resource["urn"]).rpartition("::")[2], str(operation["type"])
        why = f"the engine was interrupted while it was {kind} it: what the vendor has of it is not known"
        yield Item("drift", COMPARISON, name, resource["type"], "", "finished", f"{kind}, interrupted", why, recover)
    for resource in deployment.get("resources") or ():
        name, rtype = str(resource["urn"]).rpartition("::")[2], resource["type"]
        if resource.get("pendingReplacement"):
            why = "it was deleted to be made anew, and that failed: the state still shows the old one"
            yield Item("missing", COMPARISON, name, rtype, "", "deployed", "deleted, not made again", why, recover)
        elif resource.get("delete"):
            why = "it was replaced, and the old object was not deleted"
            fix = "the next `pulumi up` deletes it"
            yield Item("drift", COMPARISON, name, rtype, "", "deleted", "still there", why, fix)
