// Shopify's own library for Node, as it comes: signs bodies, and verifies what was signed.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [, , folder] = process.argv;
const load = createRequire(`${folder}/`);
load("@shopify/shopify-api/adapters/node");
const { shopifyApi, LogSeverity } = load("@shopify/shopify-api");
const { createSHA256HMAC, HashFormat } = load("@shopify/shopify-api/runtime");
const { secret, bodies, requests } = JSON.parse(readFileSync(0, "utf8"));
const shopify = shopifyApi({
  apiKey: "client-1", apiSecretKey: secret, apiVersion: "2025-10", hostName: "hooks.example",
  isEmbeddedApp: false, logger: { level: LogSeverity.Error, log: () => {} },
});
const signed = [];
for (const one of bodies) signed.push(await createSHA256HMAC(secret, one, HashFormat.Base64));
const verified = [];
for (const { body, headers } of requests) {
  const told = await shopify.webhooks.validate({
    rawBody: body, rawRequest: { headers, method: "POST", url: "/v1/in/x" }, rawResponse: {},
  });
  verified.push(told.valid ? "" : told.reason);
}
console.log(JSON.stringify({ signed, verified }));
