"""The eight values of KARTE's SendGrid plugin page (sendgridプラグイン), by the page's own names and in its order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from linkproof.contract.declared import Sender
from linkproof.declaration.model import Declaration
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.senders.sendgrid.options import KarteForm

WAY: Final = "すべてのメニュー > プロジェクト名 > 切り替え > 歯車アイコン > 詳細設定 > その他設定 > プロジェクト設定 > sendgridプラグイン"
TICKED, EMPTY = "チェックを入れる", "チェックを入れない"
_NONE = "(空欄)"


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of the page.

    Args:
        name: as the page has it.
        meaning: the same in English.
    """

    name: str
    meaning: str
    value: str


def entries(form: KarteForm, key: str) -> Iterator[Entry]:
    """Args:
    key: what stands at API key.
    """
    yield Entry("有効化", "enabled", TICKED)
    yield Entry("API key", "API key", key)
    yield Entry("送信アドレス", "from address", form.from_address)
    yield Entry("送信者名", "from name", form.from_name)
    yield Entry("返信先アドレス", "reply-to address", form.reply_to)
    yield Entry("クリックトラッキングの無効化", "no click tracking", EMPTY if form.click_tracking else TICKED)
    yield Entry("開封トラッキングの無効化", "no open tracking", EMPTY if form.open_tracking else TICKED)
    yield Entry("通知先メールアドレス", "address for notices", form.notify or _NONE)


def karte_sender(declaration: Declaration, key: str | None) -> Sender:
    """The entry under `senders:` that KARTE sends with.

    Raises:
        LinkproofError: there is none, or several and none is named.
    """
    found = {one.key: one for one in declaration.senders.values() if _form(one) is not None}
    if key is not None and key in found:
        return found[key]
    if key is None and len(found) == 1:
        return next(iter(found.values()))
    several = f"{len(found)} entries have `karte`" if found else "no entry under `senders:` has `karte`"
    what = f"senders.{key} has no `karte`" if key is not None else several
    fix = f"name one of: {', '.join(found)}" if found else "write `karte:` below an entry's `manage`: docs/karte.md"
    raise LinkproofError(what, fix)


def form_of(sender: Sender) -> KarteForm:
    form = _form(sender)
    assert form is not None
    return form


def _form(sender: Sender) -> KarteForm | None:
    form: KarteForm | None = getattr(getattr(sender.options, "manage", None), "karte", None)
    return form
