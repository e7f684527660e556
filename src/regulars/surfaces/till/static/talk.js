// Talks to the server: with the device's token, within a time, and says whether anybody is there.

import { heard, identity, Refused } from "./device.js";
import { write } from "./keep.js";

const PATIENCE_MS = 4000;
let there = navigator.onLine;
const listeners = new Set();

/** Nobody answered: no network, or no server behind it. */
export class Away extends Error {}

export const isThere = () => there;
export const onChange = (listener) => listeners.add(listener);

/** Another page of this device was answered just now. */
export const answeredElsewhere = () => turn(true);

function turn(now) {
  if (now === there) return;
  there = now;
  for (const listener of listeners) listener(there);
}

// A device says that it is online before anything can be reached.
const TRIES_MS = [0, 1000, 4000];
addEventListener("online", () => {
  for (const wait of TRIES_MS) setTimeout(() => there || void ask("GET", "/healthz").catch(() => undefined), wait);
});
let cuts = 0;
addEventListener("offline", () => {
  cuts += 1;
  turn(false);
});

/** One request; what is asked aside says nothing of the network. Throws Away where nobody answers, Refused where the answer is no. */
export async function ask(method, path, body, { key, patience = PATIENCE_MS, aside = false } = {}) {
  const device = await identity();
  const headers = { authorization: `Bearer ${device?.token ?? ""}` };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (key) headers["idempotency-key"] = key;
  const began = Date.now();
  const before = cuts;
  let answer;
  let said;
  try {
    answer = await fetch(path, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(patience), cache: "no-store",
    });
    const isJson = (answer.headers.get("content-type") ?? "").includes("json");
    // An answer that breaks off is none; nor is the page of a network that wants a sign-in first.
    said = isJson ? await answer.json() : undefined;
    if (answer.ok && !isJson && path.startsWith("/v1/")) throw new Away();
  } catch {
    if (!aside) turn(false);
    throw new Away();
  }
  if (answer.status >= 502 && answer.status <= 504) {
    if (!aside) turn(false);
    throw new Away();
  }
  if (before === cuts) turn(true); // what was asked before the network went says nothing of now
  // What was booked is booked, whether this device has room left to note the time or not.
  if (said?.server_at) await write("device", heard(said.server_at, began), "clock").catch(() => undefined);
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}
