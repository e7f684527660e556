// A stranger's program in TypeScript: its types are made out of the document, and nothing else.
import createClient from "openapi-fetch";
import type { paths } from "./api.ts";

const [address, key] = process.argv.slice(2) as [string, string];
const api = createClient<paths>({ baseUrl: address, headers: { authorization: `Bearer ${key}` } });

const joined = await api.POST("/v1/members", {
  body: { identifiers: [{ kind: "card", value: "TS-1" }], given_name: "Ada" },
});
if (joined.error) throw new Error(joined.error.detail);
const body = {
  kind: "purchase",
  member: { card: "TS-1" },
  amount: { minor: 1250, currency: "EUR" },
};
const params = { header: { "Idempotency-Key": "ts-1" } };
await api.POST("/v1/activities", { params, body });
const again = await api.POST("/v1/activities", { params, body });
const path = { member_id: joined.data.id };
const balances = await api.GET("/v1/members/{member_id}/balances", { params: { path } });
const nobody = await api.GET("/v1/members/{member_id}", {
  params: { path: { member_id: "mem_" + "1".repeat(32) } },
});
console.log(
  JSON.stringify({
    points: balances.data?.wallets["points"]?.available,
    again: again.response.headers.get("idempotent-replayed"),
    nobody: nobody.error?.code,
  }),
);
