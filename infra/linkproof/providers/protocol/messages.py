"""The messages that the engine and a provider send each other, as the SDK has them.

Imported in parts: the SDK's own `__init__` loads all that a program needs, half of what starting a provider takes, and the
engine starts each provider for every operation (`bench/provider_start.py`).
"""

from __future__ import annotations

from linkproof.in_parts import import_in_parts

for _package in ("pulumi", "pulumi.runtime", "pulumi.runtime.proto"):
    import_in_parts(_package)

from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2  # noqa: E402

__all__ = ["plugin_pb2", "provider_pb2", "provider_pb2_grpc", "status_pb2"]
