"""`linkproof karte`: what a person does at KARTE by hand, prepared and checked."""

from __future__ import annotations

import typer

from linkproof.commands.karte import bundle, check_page, csr, issue, plugin_sheet, tag

app = typer.Typer(help="What a person does at KARTE by hand, prepared and checked.", no_args_is_help=True)
for module in (csr, issue, bundle, tag, check_page, plugin_sheet):
    module.register(app)
