#!/usr/bin/env bash
# Surprise: SparkPost's own Node client parses the vendor's JSON answer to a GET and hands the same answer to a POST over as text.
# Versions: npm sparkpost 2.1.4 (Node 20.20.2).
# Behaviour: the generic `post({uri})`, `put` and `delete` give the body as a string, although its Content-Type is JSON, so `answer.results`
#   is undefined and nothing raises: a check of `results.verified` after `POST /tracking-domains/HOST/verify`, which needs no body, is
#   always false. With `json: {}` the same call parses. `get` does without being asked.
# Guess: an answer of application/json is parsed whatever the method.
# Seen: get object; post, put and delete string; post with json object.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
fail() { echo "CHANGED: $*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || { echo "needs $1 (Debian package $2), which is not installed" >&2; exit 2; }; }

need node nodejs
need npm npm
cd "$tmp"
echo '{"dependencies": {"sparkpost": "2.1.4"}}' > package.json
npm install --no-audit --no-fund --silent --ignore-scripts
cat > t.js <<'J'
const http = require("http");
const SparkPost = require("sparkpost");
const server = http.createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.setHeader("Content-Type", "application/json");
    response.end('{"results": {"verified": true}}');
  });
});
setTimeout(() => { console.error("too long"); process.exit(1); }, 30000).unref();
server.listen(0, "127.0.0.1", async () => {
  const client = new SparkPost("key", { origin: `http://127.0.0.1:${server.address().port}` });
  const uri = "tracking-domains/click.example.net/verify";
  const said = [];
  for (const call of [() => client.get({ uri }), () => client.post({ uri }), () => client.put({ uri }), () => client.delete({ uri }), () => client.post({ uri, json: {} })]) {
    const answer = await call();
    said.push(`${typeof answer} ${answer.results === undefined ? "without" : "with"} results`);
  }
  server.close();
  console.log(said.join(", "));
  process.exit(said.join() === "object with results,string without results,string without results,string without results,object with results" ? 0 : 1);
});
J
node t.js || fail "an answer to a POST is parsed now"
