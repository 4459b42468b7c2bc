"""Serves one provider to the engine: the gRPC port, and an end when the engine is gone."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from concurrent import futures

import grpc

from linkproof.providers.protocol.base import Provider
from linkproof.providers.protocol.messages import provider_pb2_grpc
from linkproof.providers.protocol.servicer import Servicer

# As the engine's own limit (sdk/go/common/util/rpcutil): states with large outputs fit.
_MESSAGE_BYTES = 400 * 1024 * 1024
# Creates and updates wait for the vendor inside their call; with too few workers, waits would block the work they wait for.
_WORKERS = 128


def serve(provider: Provider, arguments: list[str]) -> None:
    """Serve until the engine is gone. Prints the port, which is how the engine finds it.

    Args:
        arguments: the command line; the engine puts its own address last.
    """
    engine = os.getppid()
    servicer = Servicer(provider)
    # The engine ends a provider by Cancel and then SIGINT, and waits 5 s for that. A ^C of the user's is no reason to end.
    signal.signal(signal.SIGINT, lambda *_: os._exit(0) if servicer.cancelled.is_set() else None)
    _refuse_orphan(arguments)
    threading.Thread(target=_leave_with, args=(engine,), daemon=True).start()
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=_WORKERS),
        options=[("grpc.max_receive_message_length", _MESSAGE_BYTES), ("grpc.max_send_message_length", _MESSAGE_BYTES)],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()


def _leave_with(engine: int) -> None:
    """End the process, whatever it is doing, once it has got another parent than the engine."""
    while os.getppid() == engine:
        time.sleep(0.5)
    os._exit(0)


def _refuse_orphan(arguments: list[str]) -> None:
    """End at once when the engine went away before its process id could be seen."""
    host, _, port = (arguments[-1] if arguments else "").rpartition(":")
    if not host or not port.isdigit():
        return
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
    except OSError as error:
        sys.stderr.write(f"no engine at {host}:{port}: {error.strerror or error}\n")
        raise SystemExit(1) from None
