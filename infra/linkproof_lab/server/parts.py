"""Which parts a lab has, and how they are started."""

from __future__ import annotations

import errno
import importlib
import logging

from linkproof.errors import LinkproofError

from linkproof_lab.server.running import Running, Stoppable
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_log = logging.getLogger(__name__)

PARTS: dict[str, str] = {
    "dns": "linkproof_lab.nameservers",
    "control": "linkproof_lab.control",
    "apis": "linkproof_lab.apis",
    "edges": "linkproof_lab.web.edges",
    "origins": "linkproof_lab.web.origins",
}
"""Name to module; each module has `async def start(settings: LabSettings, store: Store) -> Stoppable`."""

CA_MODULE = "linkproof_lab.ca"


class PartPortInUseError(LinkproofError):
    """A part cannot listen because another process does."""

    def __init__(self, part: str, error: OSError) -> None:
        super().__init__(
            f"{part}: {error.strerror or error}",
            "end the other process, or choose other ports and addresses: "
            "`linkproof lab up --net N --dns-port P --http-port P --https-port P --api-port P`",
        )
        self.part = part


async def start_parts(settings: LabSettings, store: Store, names: tuple[str, ...], running: Running) -> None:
    """Start the CA and then each part. A part that cannot start is listed in `running.trouble`; the others still run.

    Raises:
        LinkproofError: a part refuses with a fix, for example because its port is in use.
    """
    running.trouble.update(dict.fromkeys(names, "starting"))
    _ensure_ca(settings, running)
    for name in names:
        try:
            part: Stoppable = await importlib.import_module(PARTS[name]).start(settings, store)
        except LinkproofError:
            raise
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PartPortInUseError(name, error) from error
            _trouble(running, name, error)
        except Exception as error:
            _trouble(running, name, error)
        else:
            running.parts[name] = part
            del running.trouble[name]
            _log.info("%s: started", name)
    running.ready = True


async def stop_parts(running: Running) -> None:
    """Stop all, the last first; one that fails to stop does not keep the others up."""
    for name, part in reversed(running.parts.items()):
        try:
            await part.stop()
        except Exception:
            _log.exception("%s: did not stop cleanly", name)


def _ensure_ca(settings: LabSettings, running: Running) -> None:
    try:
        importlib.import_module(CA_MODULE).ensure(settings)
    except Exception as error:
        _trouble(running, "ca", error)


def _trouble(running: Running, name: str, error: Exception) -> None:
    running.trouble[name] = f"not running: {type(error).__name__}: {error}"
    _log.error("%s: %s", name, running.trouble[name], exc_info=error)
