"""`verify --engine`: the same verification on machines that an engine has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from linkproof.commands.options import seconds

if TYPE_CHECKING:
    from linkproof.expectations.model import Expectations
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import VerificationResult


def refuse_what_needs(engine: str | None, others: Mapping[str, object], only: Mapping[str, object]) -> None:
    """Args:
        engine: that was named.
        others: options that no engine takes, with their values.
        only: options that mean something to an engine alone.

    Raises:
        typer.BadParameter: an option that cannot go with the engine, or without one.
    """
    wrong = others if engine is not None else only
    given = [name for name, value in wrong.items() if value is not None]
    if given:
        how = "cannot go with --engine" if engine is not None else "needs --engine dask://HOST:PORT"
        raise typer.BadParameter(f"{', '.join(given)} {how}")


def verify_on_engine(
    engine: str,
    expectations: Expectations,
    options: VerifyOptions,
    *,
    shards: int | None,
    vantages: Sequence[str],
    wait: str | None,
    places: Mapping[str, str],
    progress: Callable[[str], None] | None,
) -> VerificationResult:
    """All shards from all vantages as one result.

    Args:
        engine: `dask://HOST:PORT`.
        wait: how long a vantage may be without a worker, as `60s`; None for the default.

    Raises:
        LinkproofError: see `verify_on`; or the extra is not installed.
    """
    from linkproof import extras
    from linkproof.shards.dask.address import DaskAddress
    from linkproof.shards.dask.verify import PATIENCE_SECONDS, verify_on
    from linkproof.shards.read_back import read_back

    address = DaskAddress.parse(engine)
    extras.require(extras.DASK)
    document = verify_on(
        address,
        expectations,
        options,
        shards=shards,
        vantages=vantages,
        patience_seconds=seconds(wait) if wait is not None else PATIENCE_SECONDS,
        places=places,
        progress=progress,
    )
    return read_back(document)
