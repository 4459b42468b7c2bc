"""What stands, as one page that is complete in itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from linkproof.standing.certificates import Certificates, when_to_act
from linkproof.standing.rows import Standing
from linkproof.standing.text import phase_of, when
from linkproof.verify.report.html import STYLE_FILE, environment, hash_of

_HERE = Path(__file__).parent


def render(found: Standing, at: datetime) -> str:
    """The page of links."""
    return _page("page.jinja", found=found, phases=found.by_phase(), phase_of=phase_of, at=at)


def render_certificates(found: Certificates, at: datetime) -> str:
    """The page of certificates."""
    return _page("certificates.jinja", found=found, when_to_act=when_to_act, at=at)


def _page(template: str, **values: Any) -> str:
    style = STYLE_FILE.read_text("utf-8")
    text: str = (
        environment(_HERE).get_template(template).render(when=when, style=style, style_hash=hash_of(style), **values)
    )
    return text
