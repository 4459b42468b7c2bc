#!/usr/bin/env bash
# Surprise: Python's EmailMessage writes a one-click unsubscribe link of 79 characters and more, and the JSON headers that steer
#   SendGrid and SparkPost, as encoded words; readers in other languages find no link and no JSON. Python reads its own back.
# Versions: Python 3.11.2 and 3.13 (standard library), npm nodemailer 7.0.11, mailparser 3.9.0, postal-mime 2.6.0 (Node 18 and 20).
# Behaviour: with every policy but compat32, a header value without a space that is longer than a line (78) becomes
#   =?utf-8?q?…?=, although it is plain ASCII and RFC 2047 §5 allows no encoded word in such a header. nodemailer, and
#   Python's older MIMEText, put the whole value on a line of its own.
# Guess: it is folded before the value, or left long (998 are allowed); what is ASCII stays as it is.
# Seen: unsubscribe links of 50 characters plain, of 128 encoded; X-SMTPAPI and X-MSYS-API encoded; mailparser: no url; postal-mime:
#   =?utf-8?q?=3Chttps… ; with policy.SMTP.clone(max_line_length=998) all plain.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fail() { echo "CHANGED: $*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || { echo "needs $1 (Debian package $2), which is not installed" >&2; exit 2; }; }
need node nodejs; need npm npm; need python3 python3
python3 --version; node --version
cd "$tmp"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund nodemailer@7.0.11 mailparser@3.9.0 postal-mime@2.6.0 >/dev/null
cat > write.py <<'P'
import sys
from email import policy
from email.message import EmailMessage

length = int(sys.argv[1])
made = EmailMessage(policy=policy.SMTP.clone(max_line_length=998) if "whole" in sys.argv else policy.SMTP)
link = "https://url1.example.net/u/" + "aB-_9" * 300
made["List-Unsubscribe"] = f"<{link[:length]}>"
made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
made["X-SMTPAPI"] = '{"asm_group_id":12,"category":["black-friday-abandoned-basket-reminder-second-wave"]}'
made["X-MSYS-API"] = '{"campaign_id":"black-friday","tags":["basket","reminder"],"metadata":{"wave":"second"}}'
made.set_content("hello")
sys.stdout.buffer.write(made.as_bytes())
P
cat > read.mjs <<'N'
import {execFileSync} from 'node:child_process';
import nodemailer from 'nodemailer';
import {simpleParser} from 'mailparser';
import PostalMime from 'postal-mime';

const written = (...more) => execFileSync('python3', ['write.py', ...more]);
async function read(mail) {
  const list = (await simpleParser(mail)).headers.get('list').unsubscribe;
  const plain = (await PostalMime.parse(mail)).headers;
  const json = name => { try { JSON.parse(plain.find(one => one.key === name).value); return 'JSON'; } catch { return 'no JSON'; } };
  return {mailparser: list.url ? 'link' : 'no link', 'postal-mime': plain.find(one => one.key === 'list-unsubscribe').value.slice(0, 12),
          'x-smtpapi': json('x-smtpapi'), 'x-msys-api': json('x-msys-api')};
}
const seen = {short: await read(written('50')), long: await read(written('128')), 'long, lines of 998': await read(written('128', 'whole'))};
const link = 'https://url1.example.net/u/' + 'aB-_9'.repeat(20);
const sent = await nodemailer.createTransport({streamTransport: true, buffer: true})
  .sendMail({from: 'a@example.net', to: 'b@example.org', text: 'hello', list: {unsubscribe: link}});
seen.nodemailer = sent.message.toString().includes(`\n <${link}>`) ? 'on a line of its own' : 'otherwise';
for (const [what, found] of Object.entries(seen)) console.log(what, '|', JSON.stringify(found));
const broken = {mailparser: 'no link', 'postal-mime': '=?utf-8?q?=3', 'x-smtpapi': 'no JSON', 'x-msys-api': 'no JSON'};
const whole = {mailparser: 'link', 'postal-mime': '<https://url', 'x-smtpapi': 'JSON', 'x-msys-api': 'JSON'};
const wanted = {short: {...broken, mailparser: 'link', 'postal-mime': '<https://url'}, long: broken, 'long, lines of 998': whole, nodemailer: 'on a line of its own'};
process.exit(JSON.stringify(seen) === JSON.stringify(wanted) ? 0 : 1);
N
node read.mjs || fail "long headers are written or read otherwise"
python3 - <<'P'
import email
from email import policy
from subprocess import run
mail = run(["python3", "write.py", "128"], capture_output=True, check=True).stdout
back = email.message_from_bytes(mail, policy=policy.default)["List-Unsubscribe"]
print("Python reads its own back |", back.startswith("<https://url1"))
assert back.startswith("<https://url1")
P
