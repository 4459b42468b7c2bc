// A link from nothing to deleted with the vendor's client; one line for each thing seen.
const client = require("@sendgrid/client");
client.setApiKey(process.env.LAB_KEY);
client.setDefaultRequest("baseUrl", process.env.LAB_URL);
const ask = (method, path, body) => client.request({ method, url: `/v3/whitelabel/links${path}`, body });
const refused = async (asked) => asked.then(() => { throw new Error("it was not refused"); }, (error) => error);

(async () => {
  const [made, link] = await ask("POST", "", { domain: "example.net", subdomain: "url1" });
  console.log(made.statusCode);
  const [, validated] = await ask("POST", `/${link.id}/validate`);
  console.log(validated.valid);
  const bad = await refused(ask("POST", "", {}));
  console.log(bad.code, bad.response.body.errors[0].field);
  console.log((await refused(ask("GET", "/1"))).code);
  const [gone] = await ask("DELETE", `/${link.id}`);
  console.log(gone.statusCode);
})().catch((error) => { console.error(error); process.exit(1); });
