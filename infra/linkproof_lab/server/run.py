"""From settings to a running lab, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal

from linkproof_lab.server.hints import root_hints
from linkproof_lab.server.parts import PARTS, start_parts, stop_parts
from linkproof_lab.server.pidfile import claimed
from linkproof_lab.server.running import RUNNING, Running
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.world import seed

_log = logging.getLogger(__name__)


async def run(settings: LabSettings, parts: tuple[str, ...] = tuple(PARTS)) -> None:
    """Run the lab until SIGTERM or SIGINT. All state is in the store, so ending it in any other way loses nothing.

    Raises:
        AlreadyRunningError: the folder has a lab.
        PortInUseError, PartPortInUseError: another process listens where the lab would.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with claimed(settings):
        store = Store(settings.database)
        running = Running()
        RUNNING.set(running)
        try:
            seed(store, settings, [])
            settings.hints_file.write_text(root_hints(settings))
            await start_parts(settings, store, parts, running)
            _log.info("the lab runs as process %d, state in %s", os.getpid(), settings.state_dir)
            await stop.wait()
            _log.info("told to stop")
        finally:
            await stop_parts(running)
            store.close()
