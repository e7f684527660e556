// Square's own Node client, as it comes: joins, gives points, takes a reward, reads what happened.
import { createRequire } from "node:module";

const [, , folder, baseUrl, token] = process.argv;
const { SquareClient, SquareError } = createRequire(`${folder}/`)("square");
const client = new SquareClient({ baseUrl, token });
const { loyalty } = client;
let number = 0;
const idempotencyKey = () => `node-${process.pid}-${(number += 1)}`;

const { program } = await loyalty.programs.get({ programId: "main" });
const { loyaltyAccount } = await loyalty.accounts.create({
  loyaltyAccount: { programId: program.id, mapping: { phoneNumber: "+14155550199" } },
  idempotencyKey: idempotencyKey(),
});
const accountId = loyaltyAccount.id;
const { events } = await loyalty.accounts.accumulatePoints({
  accountId, accumulatePoints: { points: 230 }, idempotencyKey: idempotencyKey(), locationId: "main",
});
const [tier] = program.rewardTiers;
const wanted = { loyaltyAccountId: accountId, rewardTierId: tier.id };
const first = await loyalty.rewards.create({ reward: wanted, idempotencyKey: idempotencyKey() });
const second = await loyalty.rewards.create({ reward: wanted, idempotencyKey: idempotencyKey() });
await loyalty.rewards.redeem({
  rewardId: first.reward.id, idempotencyKey: idempotencyKey(), locationId: "main",
});
await loyalty.rewards.delete({ rewardId: second.reward.id });
let refused = "";
try {
  await loyalty.accounts.adjust({
    accountId, adjustPoints: { points: -500 }, idempotencyKey: idempotencyKey(),
  });
} catch (error) {
  if (!(error instanceof SquareError)) throw error;
  refused = `${error.statusCode} ${error.errors[0].code}`;
}
const made = await client.orders.create({
  idempotencyKey: idempotencyKey(),
  order: {
    locationId: "main",
    lineItems: [{ quantity: "2", basePriceMoney: { amount: 450n, currency: "EUR" } }],
  },
});
// What no number of JavaScript can hold travels as int64, to the last unit, or not at all.
const priced = (amount) => client.orders.create({
  idempotencyKey: idempotencyKey(),
  order: {
    locationId: "main", lineItems: [{ quantity: "1", basePriceMoney: { amount, currency: "EUR" } }],
  },
});
const most = await priced(9007199254740991n);
let beyond = "";
try {
  await priced(9007199254740993n);
} catch (error) {
  if (!(error instanceof SquareError)) throw error;
  beyond = `${error.statusCode} ${error.errors[0].code}`;
}
const told = await loyalty.searchEvents({
  query: { filter: { loyaltyAccountFilter: { loyaltyAccountId: accountId } } },
});
const promotions = [];
for await (const one of await loyalty.programs.promotions.list({ programId: "main" })) {
  promotions.push(one.id);
}
const { loyaltyAccount: now } = await loyalty.accounts.get({ accountId });
console.log(JSON.stringify({
  balance: now.balance,
  accumulated: events[0].accumulatePoints.points,
  refused,
  total: String(made.order.totalMoney.amount),
  most: String(most.order.totalMoney.amount),
  beyond,
  types: told.events.map((one) => one.type),
  promotions: promotions.length,
}));
