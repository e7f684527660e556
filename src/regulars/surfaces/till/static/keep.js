// What the device keeps, in IndexedDB: who it is, what it recorded, members it met lately.
// Whatever has to survive a crash is written here before anybody is told that it happened.

const NAME = "regulars-till";
const VERSION = 2;

/** One database for the page, opened once. */
let opened;
function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = ({ oldVersion }) => {
      const db = asked.result;
      if (oldVersion) return upgrade(asked.transaction);
      db.createObjectStore("device"); // by name: identity, keys, program, settings
      db.createObjectStore("records", { keyPath: "sequence" }); // not acknowledged yet
      db.createObjectStore("members"); // by id, encrypted
      db.createObjectStore("sales", { keyPath: "key" }); // of two days, to undo and to count
      db.createObjectStore("notes", { keyPath: "id" }); // what a sync could not book, and nobody settled
      return index(asked.transaction);
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

function index(tx) {
  for (const name of ["at", "sequence"]) tx.objectStore("sales").createIndex(name, name);
}

/** A device of before: its notes said whom they were about. */
function upgrade(tx) {
  index(tx);
  tx.objectStore("notes").openCursor().onsuccess = ({ target: { result } }) => {
    if (!result) return;
    const { content, ...left } = result.value;
    result.update(left);
    result.continue();
  };
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
/** What lies from one value of an index up to another, and nothing else is read for it. */
export const between = (store, index, from, until = Infinity) =>
  within([store], "readonly", (one) => answered(one.index(index).getAll(IDBKeyRange.bound(from, until))));
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
