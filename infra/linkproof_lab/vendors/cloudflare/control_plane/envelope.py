"""Cloudflare's answer form: success, errors, messages, result."""

from __future__ import annotations

from typing import Any

# Status, document (a text for what is none, None for no content), headers.
Answer = tuple[int, dict[str, Any] | str | None, dict[str, str]]


class CloudflareError(Exception):
    """An error as the vendor numbers it.

    Args:
        code: None where the vendor gives a message alone.
        pointer: JSON pointer to the offending member, where the vendor gives one.
        chain: codes and messages of what is behind the error.
    """

    def __init__(
        self,
        status: int,
        code: int | None,
        message: str,
        pointer: str = "",
        headers: dict[str, str] | None = None,
        chain: tuple[tuple[int, str], ...] = (),
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.pointer = pointer
        self.headers = headers or {}
        self.chain = chain

    def answer(self) -> Answer:
        error: dict[str, Any] = {"message": self.message}
        if self.code is not None:
            error = {"code": self.code, **error}
        if self.chain:
            error["error_chain"] = [{"code": code, "message": message} for code, message in self.chain]
        if self.pointer:
            error["source"] = {"pointer": self.pointer}
        return self.status, {"result": None, "success": False, "errors": [error], "messages": []}, self.headers


def ok(result: Any, info: dict[str, Any] | None = None, status: int = 200) -> Answer:
    document: dict[str, Any] = {"result": result, "success": True, "errors": [], "messages": []}
    if info is not None:
        document["result_info"] = info
    return status, document, {}


def paged(items: list[Any], query: dict[str, str], default: int, most: int) -> tuple[list[Any], dict[str, Any]]:
    """One page and its `result_info`.

    Raises:
        CloudflareError: page or per_page is not a number in range.
    """
    page = _number(query.get("page"), 1, 1, 10**9, "page")
    per_page = _number(query.get("per_page"), default, 1, most, "per_page")
    chosen = items[(page - 1) * per_page : page * per_page]
    info = {
        "page": page,
        "per_page": per_page,
        "count": len(chosen),
        "total_count": len(items),
        "total_pages": -(-len(items) // per_page),
    }
    return chosen, info


def _number(text: str | None, default: int, least: int, most: int, name: str) -> int:
    if text is None:
        return default
    try:
        value = int(float(text))
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise CloudflareError(400, 9007, f"Invalid value for {name}: must be between {least} and {most}.")
    return value


def plain_ok(result: Any) -> dict[str, Any]:
    """A document without `result_info`."""
    return {"result": result, "success": True, "errors": [], "messages": []}
