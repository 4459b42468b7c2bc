"""Stack config → declaration → plan → components → exports. The only reader of `pulumi.Config`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pulumi

from linkproof import registry
from linkproof.accounts import Accounts
from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late, Value
from linkproof.credentials import read_credentials
from linkproof.declaration.load import require
from linkproof.engine.note import leave_note
from linkproof.errors import LinkproofError
from linkproof.extras import missing
from linkproof.gate import refuse_skipped
from linkproof.history.component import RecordHistory, settled
from linkproof.history.served import served_now
from linkproof.kept import file_for_program, is_trial, keep_as_found, read_kept
from linkproof.outputs import outputs
from linkproof.ownership import this_stack
from linkproof.plan.build import build
from linkproof.plan.model import Plan
from linkproof.project import Project
from linkproof.publish import Publisher


def run() -> None:
    """What the engine starts: `main`, whose refusals it prints as they are, without a traceback.

    Raises:
        pulumi.RunError: the program refuses, or what the stack needs is not installed.
    """
    try:
        main()
    except LinkproofError as error:
        raise pulumi.RunError(str(error)) from None
    except ModuleNotFoundError as error:
        lacking = missing(error)
        if lacking is None:
            raise
        raise pulumi.RunError(str(lacking)) from None


def main() -> None:
    """The program, in previews and in deployments.

    Raises:
        DeclarationError: the declaration has problems; nothing was registered.
        CredentialsError: the config's accounts or secrets are not understood.
        SkippedPhaseError: a phase is skipped, and nobody but the program looks.
        KeptFileError: what was adopted as it was found is not understood.
        UnknownAccountError: a zone or an edge names credentials that the config does not have.
    """
    leave_note(pulumi.get_stack())
    config = pulumi.Config("linkproof")
    file = Path(config.get("declaration") or f"stacks/{pulumi.get_stack()}.yaml")
    file = file if file.is_absolute() else Project.find().root / file
    declaration = require(file)
    refuse_skipped(declaration)
    keep_as_found(read_kept(file_for_program(file, pulumi.get_stack())), trial=is_trial())
    credentials = read_credentials(config.get("accounts"), config.get("secrets"), pulumi.get_stack())
    deploy(build(declaration), Accounts(credentials))


def deploy(plan: Plan, accounts: Accounts) -> None:
    """Register exactly the plan's items, then export the expectations and, for people, the links."""
    owner = this_stack()
    past = RecordHistory(served_now(plan))
    publisher = Publisher(accounts.provider, owner, [past])

    def publish_for_component(
        record: Record, name: pulumi.Input[str], value: pulumi.Input[str], *, parent: pulumi.Resource | None = None
    ) -> pulumi.CustomResource | None:
        return publisher.publish(record, plan.zone(record.zone), name, value, parent=parent)

    building = Building(accounts.provider, publish_for_component, plan.zone, accounts.account, owner)
    after = _after_records(plan)
    _build_objects(plan, building, lambda item: item not in after)
    written = list(building.records)
    for record in plan.records:
        if isinstance(record.name, Late):
            continue  # its item's component has published it
        needed = [resource for need in record.needs for resource in building.made.get(need, [])]
        value = _value_of(record.value, building)
        made = publisher.publish(record, plan.zone(record.zone), record.name, value, after=needed)
        if made is not None:
            written.append(made)
            building.made.setdefault(record.resource, []).append(made)
    settled(past, written)
    _build_objects(plan, building, after.__contains__)
    for name, value in outputs(plan, building.late.__getitem__).items():
        pulumi.export(name, value)


def _value_of(value: Value, building: Building) -> pulumi.Input[str]:
    return building.late[value] if isinstance(value, Late) else value


def _after_records(plan: Plan) -> frozenset[Item]:
    """The objects that need a record, or another object that does."""
    names, found = {record.resource for record in plan.records}, 0
    while len(names) != found:
        found = len(names)
        names |= {item.resource for item in plan.objects if not names.isdisjoint(item.needs)}
    return frozenset(item for item in plan.objects if not names.isdisjoint(item.needs))


def _build_objects(plan: Plan, building: Building, is_wanted: Callable[[Item], bool]) -> None:
    """The plug-ins' own items, each plug-in's by its component."""
    late_records = [record for record in plan.records if isinstance(record.name, Late)]
    for plugin in registry.makers():
        # by the folder that has its kind: several may hold objects of one engine type
        mine = [
            item
            for item in plan.objects
            if type(item).__module__.startswith(f"{plugin.module}.") and item.is_ours and is_wanted(item)
        ]
        if not mine:
            continue
        names = {item.resource for item in mine}
        proving = [record for record in late_records if isinstance(record.name, Late) and record.name.item in names]
        component = plugin.component
        assert component is not None, f"{plugin.name} plans objects and has no component.py"
        component.build(mine, proving, building)
