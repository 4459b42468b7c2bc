"""Which extra of the package brings a library that the verifier alone does not need."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec

from linkproof import registry
from linkproof.errors import LinkproofError

DEPLOY, LAB, ACME, DASK = "deploy", "lab", "acme", "dask"


@cache
def libraries() -> dict[str, str]:
    """Import name → extra of pyproject.toml: what the engine, the lab and a CA need, and each vendor."""
    of_vendors: dict[str, str] = {}
    for name in registry.vendors():
        of_vendors |= registry.vendor(name).account.LIBRARIES
    ours = {"pulumi": DEPLOY, "grpc": DEPLOY, "httpx": DEPLOY, "acme": ACME, "josepy": ACME, "requests": ACME}
    ours["distributed"] = DASK
    return {**ours, **of_vendors, "linkproof_lab": LAB, "aiohttp": LAB}


def _brings(extra: str) -> frozenset[str]:
    """The extras that an extra brings with it: the lab plays every vendor, and a vendor is there to deploy to."""
    every = frozenset(libraries().values())
    alone = frozenset[str]()
    return {DEPLOY: alone, DASK: alone, LAB: every - {LAB, ACME, DASK}}.get(extra, frozenset({DEPLOY}))


class MissingExtraError(LinkproofError):
    """A command needs a library that is not installed."""

    def __init__(self, libraries: Iterable[str], extras: Iterable[str]) -> None:
        self.libraries, self.extras = tuple(libraries), tuple(extras)
        one = len(self.libraries) == 1
        wanted = f"the extra{'s' * (len(self.extras) > 1)} {' and '.join(self.extras)}"
        super().__init__(
            f"this needs {wanted}: {', '.join(self.libraries)} {'is' if one else 'are'} not installed",
            f"pip install 'linkproof[{','.join(self.extras)}]'",
        )


def missing(error: ModuleNotFoundError) -> MissingExtraError | None:
    """The error to show; None where the module is none that an extra brings, which is a fault of linkproof."""
    library = (error.name or "").partition(".")[0]
    extra = libraries().get(library)
    return MissingExtraError([library], [extra]) if extra is not None else None


def lacking(*extras: str) -> MissingExtraError | None:
    """What of these extras is not installed; nothing is imported to see it."""
    absent: dict[str, list[str]] = {}
    for extra in sorted(set(extras)):
        brought = {extra, *_brings(extra)}
        lacked = [name for name, brings in libraries().items() if brings in brought and find_spec(name) is None]
        if lacked:
            absent[extra] = lacked
    # an extra that another one of them brings is not named beside it
    named = [extra for extra in absent if not any(extra in _brings(other) for other in absent)]
    if not named:
        return None
    return MissingExtraError(dict.fromkeys(library for extra in named for library in absent[extra]), named)


def require(*extras: str) -> None:
    """Ends a command before it begins what it could not end.

    Raises:
        MissingExtraError: one of these extras is not installed, in whole or in part.
    """
    error = lacking(*extras)
    if error is not None:
        raise error
