// A sending domain with the vendor's client, and tracking domains by its generic request; one line for each thing seen.
const SparkPost = require("sparkpost");
const client = new SparkPost(process.env.LAB_KEY, { origin: process.env.LAB_URL });
const refused = async (asked) => asked.then(() => { throw new Error("it was not refused"); }, (error) => error);

(async () => {
  const made = await client.post({ uri: "tracking-domains", json: { domain: "click.example.net" } });
  console.log(made.results.domain);
  const again = await refused(client.post({ uri: "tracking-domains", json: { domain: "click.example.net" } }));
  console.log(again.name, again.statusCode, again.errors[0].code);
  const status = await client.post({ uri: "tracking-domains/click.example.net/verify", json: {} }) // without `json` the answer stays text;
  console.log(status.results.cname_status);
  const sending = await client.sendingDomains.create({ domain: "example.net", tracking_domain: "click.example.net" });
  console.log(sending.results.message);
  await client.sendingDomains.verify("example.net", { dkim_verify: true });
  const one = await client.sendingDomains.get("example.net");
  console.log(one.results.tracking_domain, one.results.status.dkim_status);
  await client.sendingDomains.update("example.net", { tracking_domain: "" });
  const list = await client.sendingDomains.list();
  console.log(list.results.length, "tracking_domain" in list.results[0]);
  await client.sendingDomains.delete("example.net");
  await client.delete({ uri: "tracking-domains/click.example.net" });
  const gone = await refused(client.get({ uri: "tracking-domains/click.example.net" }));
  console.log(gone.statusCode, gone.errors[0].message);
})().catch((error) => { console.error(error); process.exit(1); });
