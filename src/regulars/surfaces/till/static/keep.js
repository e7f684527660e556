// What the device keeps, in IndexedDB: who it is, what it recorded, members it met lately.
// Whatever has to survive a crash is written here before anybody is told that it happened.

const NAME = "regulars-till";
// Every edition opens it by this number, the former one, too, whose page may be kept beside this one:
// whoever asked for a later one would lock that page out, with what it recorded.
const VERSION = 1;

/** One database for the page, opened once. */
let opened;
function database() {
  opened ??= opening(VERSION).catch((error) => {
    // An edition still to come has been here: what it keeps is taken as it stands.
    if (error?.name === "VersionError") return opening();
    throw error;
  });
  return opened;
}

const opening = (version) =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, version);
    asked.onupgradeneeded = () => {
      const db = asked.result;
      db.createObjectStore("device"); // by name: identity, keys, program, settings
      db.createObjectStore("records", { keyPath: "sequence" }); // not acknowledged yet
      db.createObjectStore("members"); // by id, encrypted
      db.createObjectStore("sales", { keyPath: "key" }); // of two days, to undo and to count
      db.createObjectStore("notes", { keyPath: "id" }); // what a sync could not book, and nobody settled
    };
    asked.onsuccess = () => {
      // Another page of this device unpairs it: nothing may hold that up.
      asked.result.onversionchange = () => {
        opened = new Promise(() => undefined); // whoever still asks waits for the page to begin anew
        asked.result.close();
        location.reload();
      };
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Works on some stores in one transaction; resolves only once it is durable. */
export async function within(stores, mode, work) {
  const db = await database();
  const tx = db.transaction(stores, mode, { durability: "strict" });
  const ended = new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onerror = () => reject(tx.error);
    tx.onabort = () => reject(tx.error ?? new Error("aborted"));
  });
  ended.catch(() => undefined); // whoever waits below hears of it
  try {
    const result = await work(...stores.map((name) => tx.objectStore(name)));
    await ended;
    return result;
  } catch (error) {
    if (error?.name === "AbortError") await ended; // why, as a device that is full
    throw error;
  }
}

export const read = (store, key) => within([store], "readonly", (one) => answered(one.get(key)));
export const all = (store) => within([store], "readonly", (one) => answered(one.getAll()));
export const first = (store, most = 1) => within([store], "readonly", (one) => answered(one.getAll(undefined, most)));
/** Of a store that may be large: whatever is over goes, a few at a time, so that nobody who sells
 *  waits for it. */
export async function sift(store, isOver) {
  const MANY = 500;
  for (let after, some = MANY; some === MANY; ) {
    some = await within([store], "readwrite", async (one) => {
      const range = after === undefined ? undefined : IDBKeyRange.lowerBound(after, true);
      const [keys, found] = await Promise.all([answered(one.getAllKeys(range, MANY)), answered(one.getAll(range, MANY))]);
      for (const [place, what] of found.entries()) if (isOver(what)) one.delete(keys[place]);
      after = keys.at(-1);
      return keys.length;
    });
  }
}
export const count = (store) => within([store], "readonly", (one) => answered(one.count()));
export const write = (store, value, key) =>
  within([store], "readwrite", (one) => answered(key === undefined ? one.put(value) : one.put(value, key)));
export const drop = (store, key) => within([store], "readwrite", (one) => answered(one.delete(key)));
export { answered };

/** Forgets everything: after it the device is no till any more. */
export async function wipe() {
  (await database()).close();
  opened = undefined;
  await answered(indexedDB.deleteDatabase(NAME));
}
