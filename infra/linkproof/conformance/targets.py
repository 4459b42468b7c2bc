"""The targets of links, as data: what senders write, and what else a reader's program may make of it."""

from __future__ import annotations

from dataclasses import dataclass

# What the token stands in place of, so that a request is known again at the origin.
HERE = "{token}"


@dataclass(frozen=True, slots=True)
class Target:
    """One target.

    Args:
        text: one character an octet, with HERE in it.
        who: writes it, or makes it.
    """

    text: str
    who: str


def _utf8(text: str) -> str:
    return text.encode().decode("latin-1")


_SES = "Amazon SES"
_SENDGRID = "SendGrid"
_SPARKPOST = "SparkPost"
_ANY = "a client that does not normalise"

# A whole URL stands in the path of SES's links, escaped once; SparkPost's have tildes, SendGrid's links for apps a path of their own.
PATHS = (
    Target("/CL0/https:%2F%2Fshop.example%2Fa%2F{token}/1/0100019abc-000000/sig-_=325", _SES),
    Target("/CL0/https:%2F%2Fshop.example%2F{token}%3Fa=b%26c=d%23top/1/0100/s=1", _SES),
    Target("/CL0/https:%2F%2Fshop.example%2F{token}%3Fq=100%2525%26r=a%2520b/1/0100/s=1", _SES),
    Target("/CL0/https:%2F%2Fshop.example%2F{token}%3Fq=a%2Bb+c/1/0100/s=1", _SES),
    Target("/CL0/https:%2F%2Fshop.example%2F%25E8%25A3%25BD%2F{token}/1/0100/s=1", _SES),
    Target("/CL0/https:%2F%2Fshop.example%2F{token}%3Fa=1;b=2,3!(4)'*$/1/0100/s=1", _SES),
    Target("/CL0/http:%2F%2Fuser@shop.example:8080%2F{token}%2F/1/0100/s=1", _SES),
    Target("/f/a/{token}~~/AAEFJQA~/RgRe-_8lhs~~", _SPARKPOST),
    Target("/f/shop-app/{token}~/A./b..c~", _SPARKPOST),
    Target("/uni/ls/click/{token}", _SENDGRID),
)
QUERIES = (
    Target("/ls/click?upn=u001.{token}-2BAbc-2Fdef-3D-3D_xyz.~", _SENDGRID),
    Target("/wf/open?upn=u001.{token}&upn=", _SENDGRID),
    Target("/wf/click?upn=&{token}", _SENDGRID),
    Target("/f/a/{token}?target=https%3A%2F%2Fshop.example%2Fa%3Fb%3Dc%26d%3De%23f", _SPARKPOST),
    Target("/f/a/{token}?target=https%3A%2F%2Fshop.example%2F%3Fq%3D100%2525%2Ba%2520b", _SPARKPOST),
    Target("/f/a/{token}?target=https://shop.example/a%20b?c=d", _SPARKPOST),
    Target("/f/a/{token}?target=https%3A%2F%2Fshop.example%2F%E8%A3%BD%E5%93%81", _SPARKPOST),
)
UNUSUAL_PATHS = (
    Target("/{token}//a//b/", _ANY),
    Target("/{token}/a/../b", _ANY),
    Target("/{token}/a/./b", _ANY),
    Target("/{token}/a/%2e%2E/b", _ANY),
    Target("/{token}/%7Eu%41-%5f", _ANY),
    Target("/{token}/a%2fb%c3%A9", _ANY),
    Target("/{token}/a|b{c}d[e]f^g`", _ANY),
    Target('/{token}/a"b<c>', _ANY),
    Target("/{token}/a\\b%5Cc", _ANY),
    Target("/{token}/100%/a%zz", _ANY),
    Target("/{token}/%00", _ANY),
    Target("/{token}/%0D%0Aa", _ANY),
    Target("/{token}/" + _utf8("é製"), _ANY),
    Target("/f/a%2Fb/{token}//%7E", _ANY),
)
UNUSUAL_QUERIES = (
    Target("/{token}?", _ANY),
    Target("/{token}??a=?b", _ANY),
    Target("/{token}?b=2&a=1&b=1", _ANY),
    Target("/{token}?a=1&&b=&=c&&d&", _ANY),
    Target("/{token}?&a=1", _ANY),
    Target("/{token}?b=%2e&c=%7e%2D%2d", _ANY),
    Target("/{token}?x=100%&y=%zz", _ANY),
    Target("/{token}?a=%00", _ANY),
    Target("/{token}?a=b|c{d}e[f]^`", _ANY),
    Target('/{token}?a="b"<c>', _ANY),
    Target("/{token}?a=b\\c", _ANY),
    Target("/{token}?a=" + _utf8("é製"), _ANY),
    Target("/{token}?a=b+c%20d%2B", _ANY),
    Target("/{token}?a=/../b//c/%2F", _ANY),
)
SEMICOLONS = (
    Target("/{token}?a=1;b=2", "a mail in plain text with an & written &amp;"),
    Target("/{token}?a=1&amp;b=2", "a mail in plain text with an & written &amp;"),
)

# Where senders lead on to is whatever their customers write; one character an octet.
LOCATIONS = (
    "https://shop.example/a%2Fb//%7E?u=a;b&b=%2e&x=100%&&a=1&#top",
    "https://shop.example/?",
    "http://shop.example/plain",
    "https://shop.example:8443/?q=a|b{c}",
    "https://shop.example/with space",
    _utf8("https://shop.example/製品?名=値"),
    "https://SHOP.example/%zz/../a",
    "myapp://open/item?id=1",
    "mailto:help@shop.example",
    "https://shop.example/?next=https://shop.example/ls/click?upn=1",
    "https://shop.example/" + "a" * 4000,
)
UNUSUAL_LOCATIONS = ("https://shop.example/latin-\xe9?a=\xfc", "https://shop.example/tab\there")
