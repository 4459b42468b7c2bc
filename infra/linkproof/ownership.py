"""The mark by which an object at a vendor is proved to be of one stack: organisation, project and stack.

The stack's name alone proves nothing: two projects may each have a stack `prod` in one account.
"""

from __future__ import annotations

import hashlib
import re

TAG = "linkproof:stack"
# AWS: the value of a tag.
TAG_CHARACTERS = 256
_DIGEST_CHARACTERS = 12


def mark(organization: str, project: str, stack: str) -> str:
    """For example `organization/linkproof/prod`, which is how the engine names a stack in full."""
    return _within(f"{organization}/{project}/{stack}", TAG_CHARACTERS)


def this_stack() -> str:
    """The mark of the stack that the engine runs this program for."""
    import pulumi

    return mark(pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack())


def comment(owner: str, limit: int) -> str:
    """The mark as text, for what has a comment and no tags; at most `limit` characters.

    Args:
        owner: as `mark` gives it.
    """
    return _within(f"linkproof {owner}", limit)


def object_name(owner: str, what: str, limit: int) -> str:
    """A name that is unique in a vendor's account and legal at all of them: letters, digits and hyphens.

    Args:
        what: tells the objects of one stack apart.
    """
    stack = owner.rpartition("/")[2]
    readable = re.sub(r"[^A-Za-z0-9]+", "-", f"linkproof-{stack}-{what}").strip("-")
    digest = _digest(f"{owner} {what}")
    return f"{readable[: limit - len(digest) - 1]}-{digest}"


def is_marked(text: str | None) -> bool:
    """Whether a comment says that linkproof made the object, for whichever stack."""
    return bool(text) and "linkproof" in str(text)


def is_same_but_for_owner(before: str, after: str, owners: tuple[str, str], what: str) -> bool:
    """Whether two texts differ in the stack that they name at most: as a mark, a comment or an object's name.

    Args:
        owners: whose it was and whose it is, each as `mark` gives it.
        what: the object, as `object_name` was told it.
    """
    old, new = owners
    if before.replace(old, new) == after:
        return True
    digests = [(f"~{_digest(text(old))}", f"~{_digest(text(new))}") for text in (str, "linkproof {}".format)]
    digests.append((f"-{_digest(f'{old} {what}')}", f"-{_digest(f'{new} {what}')}"))
    return any(before.endswith(one) and after.endswith(other) for one, other in digests)


def _within(text: str, limit: int) -> str:
    """The text, or where it is too long its beginning and what tells it from all others."""
    return text if len(text) <= limit else f"{text[: limit - _DIGEST_CHARACTERS - 1]}~{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_CHARACTERS]
