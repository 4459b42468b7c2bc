"""What the commands share: a link of Amazon SES, and its stack."""

from __future__ import annotations

from typing import Annotated

import typer

LinkKey = Annotated[str, typer.Argument(help="A link's key.", metavar="LINK", show_default=False)]
OfStack = Annotated[str, typer.Option("--stack", "-s", help="The stack.")]
