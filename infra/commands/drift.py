"""`linkproof drift`: code = state, state = cloud, cloud = what the world sees; three comparisons, in order."""

from __future__ import annotations

import typer

from infra.commands.options import Stack, stack_declaration, stack_document

CHANGES = 7


def register(app: typer.Typer) -> None:
    app.command()(drift)


def drift(stack: Stack) -> None:
    """Run the three comparisons; nothing is changed. The exit code is verify's, or 1 when the engine sees a change."""
    from infra.commands.verify import verify

    engine, declaration = stack_declaration(stack)
    drifted = False
    for arguments in (
        ("preview", "--stack", stack, "--expect-no-changes", "--suppress-outputs"),
        ("refresh", "--stack", stack, "--preview-only", "--expect-no-changes", "--suppress-outputs"),
    ):
        print(f"$ pulumi {' '.join(arguments)}")
        done = engine.run(*arguments)
        print((done.stdout + done.stderr).strip())
        if done.returncode not in (0, CHANGES):
            raise typer.Exit(3)
        drifted |= done.returncode == CHANGES
    print(f"$ linkproof expectations {stack} && linkproof verify {stack}")
    stack_document(stack, engine, declaration)
    try:
        verify(
            stack=stack,
            expectations=None,
            hints=None,
            resolver=None,
            dns_port=None,
            http_port=None,
            https_port=None,
            ca=None,
            save=None,
            wait="0s",
            strict=False,
            as_json=False,
        )
    except typer.Exit as end:
        raise typer.Exit(1 if drifted else end.exit_code) from None
