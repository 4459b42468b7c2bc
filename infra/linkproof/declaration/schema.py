"""The JSON Schema of a declaration, for editors."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from linkproof.declaration.form import declaration_form


class _WithoutFieldTitles(GenerateJsonSchema):
    """A title such as "Click Host" says nothing that the key does not, and editors would show it first."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one file in `stacks/`."""
    schema = _closed(declaration_form().model_json_schema(schema_generator=_WithoutFieldTitles))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "linkproof declaration, version 1",
    }


def _closed(schema: Any) -> Any:
    """Refuse keys that match no pattern; pydantic leaves them open, and their entries unchecked."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    return {**closed, "additionalProperties": False} if "patternProperties" in closed else closed
