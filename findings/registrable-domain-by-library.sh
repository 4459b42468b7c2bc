#!/usr/bin/env bash
# Surprise: asked for the registrable domain of one click host, three Public Suffix List libraries give three answers; one of them
#   names the top-level domain itself as registrable, another nothing.
# Versions: publicsuffixlist 1.1.2.20261023, tldextract 5.4.0 (its own snapshot, private domains on), publicsuffix2 2.20191221.
# Behaviour: the list says that where no rule matches, the rule is `*`, so example.internal is registrable. tldextract answers nothing
#   below a top-level domain that is not listed; publicsuffix2 answers `internal`, and `co.jp` for the suffix co.jp itself. Its list is of
#   2019, so that all customers of a CDN that came later (pages.dev, azurefd.net) are one registrable domain.
# Guess: one list, one answer; a name without a registrable domain gives none.
# Seen: url1.example.internal: example.internal, nothing, internal; co.jp: nothing, nothing, co.jp; click.shop.pages.dev: shop.pages.dev
#   twice and pages.dev; url1.example.co.jp the same at all.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fail() { echo "CHANGED: $*" >&2; exit 1; }
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

venv publicsuffixlist==1.1.2.20261023 tldextract==5.4.0 publicsuffix2==2.20191221
cat > "$tmp/t.py" <<'P'
import sys
import publicsuffix2, publicsuffixlist, tldextract

by_list = publicsuffixlist.PublicSuffixList()
extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
wanted = {
    "url1.example.co.jp": ("example.co.jp", "example.co.jp", "example.co.jp"),
    "url1.example.internal": ("example.internal", None, "internal"),
    "co.jp": (None, None, "co.jp"),
    "click.shop.pages.dev": ("shop.pages.dev", "shop.pages.dev", "pages.dev"),
    "click.shop.azurefd.net": ("shop.azurefd.net", "shop.azurefd.net", "azurefd.net"),
}
seen = {
    host: (by_list.privatesuffix(host), extract(host).top_domain_under_public_suffix or None, publicsuffix2.get_sld(host))
    for host in wanted
}
for host, answers in seen.items():
    print(host, "|", *(answer or "nothing" for answer in answers))
sys.exit(seen != wanted)
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "the libraries answer otherwise"
