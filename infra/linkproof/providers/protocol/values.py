"""Property values of the engine's protocol to plain Python and back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from google.protobuf import struct_pb2

# The two marks of the engine's protocol (sdk/go/common/resource/plugin/rpc.go): the text that stands for a value not known
# yet, and the key under which an object says that it wraps something (a secret, an output, an asset).
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE_KEY: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark of the protocol, not a secret
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


class Unknown:
    """A value that is known only after deployment. There is one instance, `UNKNOWN`; it equals nothing, not even itself."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return False

    def __repr__(self) -> str:
        return "<unknown>"


UNKNOWN: Final = Unknown()

Properties = dict[str, Any]


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """Plain values: secrets and outputs unwrapped, nulls and the engine's own `__` keys left out, whole numbers as int."""
    fields = struct.fields
    return {key: from_value(fields[key]) for key in fields if not _skipped(key, fields[key])}


def from_value(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value == UNKNOWN_TEXT else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [from_value(item) for item in value.list_value.values]
    if kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE_KEY in fields and fields[SIGNATURE_KEY].string_value in {SECRET, OUTPUT}:
            return from_value(fields["value"]) if "value" in fields else UNKNOWN
        return from_struct(value.struct_value)
    return None


def to_struct(properties: Properties, secrets: Collection[str] = ()) -> struct_pb2.Struct:
    """Args:
    secrets: names of properties that the engine shall keep as secrets, whatever it was told of them before.
    """
    struct = struct_pb2.Struct()
    for key, value in properties.items():
        if value is not None:
            shown = {SIGNATURE_KEY: SECRET, "value": value} if key in secrets else value
            struct.fields[key].CopyFrom(to_value(shown))
    return struct


def to_value(value: Any) -> struct_pb2.Value:
    if isinstance(value, Unknown):
        return struct_pb2.Value(string_value=UNKNOWN_TEXT)
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, int | float):
        return struct_pb2.Value(number_value=value)
    if isinstance(value, str):
        return struct_pb2.Value(string_value=value)
    if isinstance(value, dict):
        return struct_pb2.Value(struct_value=to_struct(value))
    if isinstance(value, list | tuple):
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[to_value(item) for item in value]))
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    msg = f"a {type(value).__name__} cannot be a property value"
    raise TypeError(msg)


def has_unknown(value: Any) -> bool:
    """Whether the value, or anything inside it, is not known yet."""
    if isinstance(value, dict):
        return any(map(has_unknown, value.values()))
    if isinstance(value, list):
        return any(map(has_unknown, value))
    return isinstance(value, Unknown)


def _skipped(key: str, value: struct_pb2.Value) -> bool:
    return key.startswith("__") or value.WhichOneof("kind") in {"null_value", None}
