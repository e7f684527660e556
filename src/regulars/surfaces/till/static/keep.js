// What the device keeps, in IndexedDB: who it is, what it recorded, members it met lately.
// Whatever has to survive a crash is written here before anybody is told that it happened.

const NAME = "regulars-till";
const VERSION = 1;

/** One database for the page, opened once. */
let opened;
function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      const db = asked.result;
      db.createObjectStore("device"); // by name: identity, keys, program, settings
      db.createObjectStore("records", { keyPath: "sequence" }); // not acknowledged yet
      db.createObjectStore("members"); // by id, encrypted
      db.createObjectStore("sales", { keyPath: "key" }); // of today, to undo and to count
      db.createObjectStore("notes", { keyPath: "id" }); // what a sync could not book
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
  return opened;
}

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
  const result = await work(...stores.map((name) => tx.objectStore(name)));
  await ended;
  return result;
}

export const read = (store, key) => within([store], "readonly", (one) => answered(one.get(key)));
export const all = (store) => within([store], "readonly", (one) => answered(one.getAll()));
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
