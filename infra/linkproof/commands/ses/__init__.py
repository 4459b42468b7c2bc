"""`linkproof ses`: what a mail through Amazon SES needs, and which events it made."""

from __future__ import annotations

import typer

from linkproof.commands.ses import events, send_test

app = typer.Typer(help="What a mail through Amazon SES needs, and which events it made.", no_args_is_help=True)
for module in (send_test, events):
    module.register(app)
