"""Which Pulumi packages the lab has a stand-in for, and what is in each."""

from __future__ import annotations

import threading
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from linkproof_lab.service import Service, ServiceError, services

if TYPE_CHECKING:
    from linkproof.providers.protocol.base import Package, Provider
    from linkproof.providers.protocol.values import Properties

# Of a package that has no SDK in Python: a program asks for no version then.
_VERSION_WITHOUT_SDK = "0.0.1"


def packages() -> tuple[str, ...]:
    """Every package that a service's resource types are in."""
    return tuple(dict.fromkeys(one.facts.package for one in services() if one.facts.package and one.has("resources")))


def version_of(package: str) -> str:
    """That of the installed SDK, which is the one that a program asks for."""
    try:
        return version(f"pulumi-{package}")
    except PackageNotFoundError:
        return _VERSION_WITHOUT_SDK


def provider(package: str) -> Provider:
    """Of all services with this package, and the config that one of them names.

    Raises:
        ServiceError: no service has it.
    """
    from linkproof.providers.protocol.base import Package, Provider

    members = [one for one in services() if one.facts.package == package]
    if not members:
        raise ServiceError(f"the lab has no package {package!r}", f"use one of {', '.join(packages())}")
    config = _config(members)

    def configure(given: Properties, cancelled: threading.Event) -> Package:
        client = config.client(given, cancelled)
        parts = [one.file("resources").resources(client) for one in members if one.has("resources")]
        return Package(
            types={token: made for part in parts for token, made in part.types.items()},
            invokes={token: call for part in parts for token, call in part.invokes.items()},
        )

    return Provider(package, version_of(package), config.SECRET_NAMES, config.check, configure)


def _config(members: list[Service]) -> Any:
    """`SECRET_NAMES`, `check` and `client` of the package."""
    from linkproof_lab.providers import endpoints

    return next((one.file("provider") for one in members if one.has("provider")), endpoints)
