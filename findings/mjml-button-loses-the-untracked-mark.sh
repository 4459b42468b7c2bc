#!/usr/bin/env bash
# Surprise: the mark that keeps a password-reset link out of click tracking is lost when the link becomes an MJML button; the mail is written all the same.
# Versions: npm mjml 5.4.1 (Node 20), PyPI mrml 0.2.4 (the other implementation).
# Behaviour: senders read `clicktracking="off"` (SendGrid), `ses:no-track` (SES) and `data-msys-clicktrack="0"` (SparkPost) at the <a>. On <mj-button>
#   and <mj-image> both leave them out of the <a>, so the sender rewrites the link after all. mjml says "illegal" in a list that the caller must
#   look at, beside complete HTML; mrml has a list of warnings too, and it is empty. In an <a> of one's own within <mj-text> the marks stay.
#   `mj-html-attributes` sets them on a button's <a> in mjml; mrml does not know that element.
# Guess: an attribute that MJML does not know is handed on to the <a>, or stops the rendering.
# Seen: buttons and image without a mark in both, mjml 3 errors and HTML, mrml no warning; <mj-text> with both marks in both.
set -euo pipefail
tmp=$(mktemp -d)
pids=()
cleanup() {
  for p in "${pids[@]:-}"; do [ -z "$p" ] || kill "$p" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$tmp"
}
trap cleanup EXIT
fail() { echo "CHANGED: $*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || { echo "needs $1 (Debian package $2), which is not installed" >&2; exit 2; }; }
venv() { python3 -m venv "$tmp/v"; "$tmp/v/bin/pip" -q --disable-pip-version-check install "$@"; }

need node nodejs; need npm npm
node --version
venv mrml==0.2.4
mkdir "$tmp/n"
(cd "$tmp/n" && npm init -y >/dev/null && npm install --no-audit --no-fund --loglevel=error mjml@5.4.1 >/dev/null)
cat > "$tmp/mail.mjml" <<'M'
<mjml><mj-body><mj-section><mj-column>
<mj-button href="https://app.example/sendgrid" clicktracking="off">Reset</mj-button>
<mj-button href="https://app.example/ses" ses:no-track="">Reset</mj-button>
<mj-image src="https://app.example/i.png" href="https://app.example/sparkpost" data-msys-clicktrack="0" />
<mj-text><a href="https://app.example/own-1" clicktracking="off">Reset</a> <a href="https://app.example/own-2" ses:no-track="">Reset</a></mj-text>
</mj-column></mj-section></mj-body></mjml>
M
sed -e 's|<mj-body>|<mj-head><mj-html-attributes><mj-selector path=".once a"><mj-html-attribute name="clicktracking">off</mj-html-attribute></mj-selector></mj-html-attributes></mj-head>&|' \
  -e 's|<mj-button href="https://app.example/sendgrid" clicktracking="off">|<mj-button css-class="once" href="https://app.example/sendgrid">|' "$tmp/mail.mjml" > "$tmp/mended.mjml"
cat > "$tmp/n/t.js" <<'J'
const mjml = require("mjml");
const fs = require("fs");
(async () => {
  const out = {};
  for (const name of ["mail", "mended"]) {
    const r = await (mjml.default || mjml)(fs.readFileSync(`../${name}.mjml`, "utf8"));
    out[name] = { html: r.html, errors: r.errors.map((e) => e.message) };
  }
  console.log(JSON.stringify(out));
})();
J
(cd "$tmp/n" && node t.js > "$tmp/mjml.json")
cat > "$tmp/t.py" <<'P'
import html.parser, json, sys
import mrml
tmp = sys.argv[1]; MARKS = ("clicktracking", "ses:no-track", "data-msys-clicktrack")
def marks(text):
    found = {}
    class P(html.parser.HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag == "a": a = dict(attrs); found[a["href"].rsplit("/", 1)[1]] = [m for m in MARKS if m in a]
    P().feed(text); return found
js = json.load(open(f"{tmp}/mjml.json")); rs = mrml.to_html(open(f"{tmp}/mail.mjml").read())
seen = {"mjml": marks(js["mail"]["html"]), "mrml": marks(rs.content), "mjml, mj-html-attributes": marks(js["mended"]["html"])["sendgrid"]}
print(seen, js["mail"]["errors"], rs.warnings, sep="\n")
want = {"sendgrid": [], "ses": [], "sparkpost": [], "own-1": ["clicktracking"], "own-2": ["ses:no-track"]}
sys.exit(seen != {"mjml": want, "mrml": want, "mjml, mj-html-attributes": ["clicktracking"]} or len(js["mail"]["errors"]) != 3 or rs.warnings != [])
P
"$tmp/v/bin/python" "$tmp/t.py" "$tmp" || fail "the marks are treated otherwise"
