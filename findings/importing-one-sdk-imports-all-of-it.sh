#!/usr/bin/env bash
# Surprise: `import pulumi_cloudflare` loads every module of that SDK; `import pulumi_aws` loads a resource's module when it is asked for.
# Versions: pulumi 3.272.0, pulumi-cloudflare 6.23.1, pulumi-aws 7.51.1, CPython 3.11.
# Behaviour: both are made by one generator. An SDK whose provider has modules (aws.route53) imports them lazily; one without
#   (cloudflare, everything in one module) runs all of its files at the first import: 781 modules and 3.5 s of CPU in every preview and
#   in every up, each of which runs the program again. Importing one submodule does not help: it runs the package's __init__ first.
# Guess: the larger SDK costs more, and an unused resource costs nothing.
# Seen: pulumi_cloudflare 781 modules; pulumi_aws a third as many, none of them with a resource in it; after one submodule of
#   pulumi_cloudflare 781 as well.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fail() { echo "CHANGED: $*" >&2; exit 1; }
python3 -m venv "$tmp/v"
"$tmp/v/bin/pip" -q --disable-pip-version-check install pulumi==3.272.0 pulumi-cloudflare==6.23.1 pulumi-aws==7.51.1
cat > "$tmp/t.py" <<'P'
import subprocess, sys
def loaded(statement, package):
    program = f"import sys; {statement}; mine = [m for m in sys.modules if m.split('.')[0] == '{package}']; " \
        "print(len(mine), any(m.endswith(('.zone', '.dns_record', '.record', '.distribution')) for m in mine))"
    count, resources = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    return int(count), resources == "True"
whole = loaded("import pulumi_cloudflare", "pulumi_cloudflare")
part = loaded("import pulumi_cloudflare.dns_record", "pulumi_cloudflare")
aws = loaded("import pulumi_aws", "pulumi_aws")
print("cloudflare", whole, "one part of it", part, "aws", aws)
sys.exit(not (whole[1] and whole[0] > 500 and part == whole and not aws[1]))
P
"$tmp/v/bin/python" "$tmp/t.py" || fail "the SDKs are imported otherwise"
