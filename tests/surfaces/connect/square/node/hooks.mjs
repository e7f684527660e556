// Square's own Node client, as it comes: keeps a subscription, and verifies what was signed.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [, , folder, baseUrl, token] = process.argv;
const { SquareClient, SquareError, WebhooksHelper } = createRequire(`${folder}/`)("square");
const { webhooks } = new SquareClient({ baseUrl, token });
const { subscriptions } = webhooks;
const signed = JSON.parse(readFileSync(0, "utf8"));

const { eventTypes } = await webhooks.eventTypes.list();
const made = await subscriptions.create({
  idempotencyKey: `node-${process.pid}`,
  subscription: {
    name: "Node", eventTypes: ["loyalty.event.created"],
    notificationUrl: "https://hooks.example/in",
  },
});
const { id, signatureKey } = made.subscription;
const changed = await subscriptions.update({ subscriptionId: id, subscription: { enabled: false } });
const found = [];
for await (const one of await subscriptions.list({ includeDisabled: true })) found.push(one.id);
const rotated = await subscriptions.updateSignatureKey({ subscriptionId: id });
let refused = "";
try {
  await subscriptions.create({
    subscription: { eventTypes: ["payment.created"], notificationUrl: "https://hooks.example/in" },
  });
} catch (error) {
  if (!(error instanceof SquareError)) throw error;
  refused = `${error.statusCode} ${error.errors[0].code} ${error.errors[0].field}`;
}
await subscriptions.delete({ subscriptionId: id });
const verified = await WebhooksHelper.verifySignature(signed);
const forged = await WebhooksHelper.verifySignature({ ...signed, signatureKey: "another" });
console.log(JSON.stringify({
  types: eventTypes.length, enabled: changed.subscription.enabled, found: found.includes(id),
  rotated: rotated.signatureKey !== signatureKey, refused, verified, forged,
}));
