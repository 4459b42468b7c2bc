"""`linkproof karte plugin-sheet`: what a person types into KARTE's SendGrid plugin page."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, Stack, print_json, stack_declaration
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.contract.declared import Sender


def register(app: typer.Typer) -> None:
    app.command("plugin-sheet")(plugin_sheet)


def plugin_sheet(
    stack: Stack,
    sender: Annotated[str | None, typer.Option(help="The entry under `senders:`, where several have `karte`.")] = None,
    show_key: Annotated[bool, typer.Option("--show-key", help="Show the API key too; on a terminal alone.")] = False,
    as_json: Json = False,
) -> None:
    """Print the eight values of KARTE's SendGrid plugin page (sendgridプラグイン). Asks no server; for the key, the stack's state."""
    from linkproof.declaration.load import require
    from linkproof.karte.plugin_sheet import WAY, entries, form_of, karte_sender
    from linkproof.project import Project

    if show_key and (as_json or not sys.stdout.isatty()):
        raise LinkproofError(
            "the API key is shown on a terminal alone: a file or a pipe would keep it",
            "run it without --json, in a terminal",
        )
    declared = karte_sender(require(Project.find().declaration_file(stack)), sender)
    form = form_of(declared)
    number = len(form.keys)
    hidden = f"({form.keys[-1]}: --show-key shows it)"
    found = list(entries(form, _key(stack, declared) if show_key else hidden))
    if as_json:
        print_json({"version": 1, "sender": declared.key, "key": form.keys[-1], "values": [
            {"name": one.name, "meaning": one.meaning, "value": None if one.name == "API key" else one.value} for one in found
        ]})  # fmt: skip
        return
    print(WAY)
    for one in found:
        print(f"  {one.name} ({one.meaning}): {one.value}")
    print("then 保存")
    if number > 1:
        print(f"once it is saved: remove {form.keys[0]} from `keys` of {declared.path}.manage.karte, and deploy")


def _key(stack: str, sender: Sender) -> str:
    from linkproof.engine.reveal import reveal
    from linkproof.senders.sendgrid.items import API_KEY
    from linkproof.senders.sendgrid.karte import key_resource

    engine, _ = stack_declaration(stack)
    word = sender.options.manage.karte.keys[-1]
    return reveal(engine, API_KEY, key_resource(sender, word), "apiKey")
