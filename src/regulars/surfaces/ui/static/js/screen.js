// What every screen with htmx shares: the page's token on each request, words that pass,
// buttons that copy, dialogs that open, the theme that was chosen.

const token = () => document.querySelector('meta[name="form-token"]')?.content;

document.addEventListener("htmx:configRequest", (event) => {
  const known = token();
  if (known) event.detail.headers["x-form-token"] = known;
});

document.addEventListener("htmx:responseError", () => say(wordsOf("failed")));
document.addEventListener("htmx:sendError", () => say(wordsOf("away")));

function wordsOf(name) {
  return document.getElementById("toasts")?.dataset[name] ?? "";
}

/** Says a sentence for a while; whoever reads by ear hears it, too. */
export function say(text, seconds = 6) {
  const place = document.getElementById("toasts");
  if (!place || !text) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = text;
  place.append(toast);
  setTimeout(() => toast.remove(), seconds * 1000);
}

// Where there are more places than the window is high, the one we are in is in sight.
document.querySelector(".full .places [aria-current]")?.scrollIntoView({ block: "nearest" });

document.addEventListener("click", async (event) => {
  const copies = event.target.closest("[data-copy]");
  if (copies) {
    await navigator.clipboard.writeText(copies.dataset.copy);
    say(copies.dataset.copied);
  }
  const links = event.target.closest("[data-copy-address]");
  if (links) {
    await navigator.clipboard.writeText(new URL(links.dataset.copyAddress, location.href).href);
    say(links.dataset.copied);
  }
  const opens = event.target.closest("[data-opens]");
  if (opens) document.getElementById(opens.dataset.opens)?.showModal();
  const closes = event.target.closest("[data-closes]");
  if (closes) closes.closest("dialog")?.close();
});

// What was changed and not kept is not left by mistake.
const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keeps]");
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => changed.delete(event.target));
addEventListener("beforeunload", (event) => {
  if (changed.size) event.preventDefault();
});

// A long list of choices is narrowed by a word; what is chosen stays chosen, seen or not.
document.addEventListener("input", (event) => {
  const list = document.getElementById(event.target.dataset.sifts ?? "");
  if (!list) return;
  const word = event.target.value.trim().toLocaleLowerCase(document.documentElement.lang);
  for (const group of list.querySelectorAll("details")) {
    const choices = [...group.querySelectorAll(".choice")];
    for (const one of choices) {
      one.hidden = !one.textContent.toLocaleLowerCase(document.documentElement.lang).includes(word);
    }
    group.hidden = choices.every((one) => one.hidden);
    group.open = word ? !group.hidden : choices.some((one) => one.querySelector(":checked"));
  }
  const none = list.querySelector("[data-sifted]");
  none.hidden = [...list.querySelectorAll("details")].some((group) => !group.hidden);
});

// A form that was refused is read from its summary.
document.getElementById("wrong")?.focus();

// The place one is at is seen, however many places there are.
document.querySelector(".full .places [aria-current]")?.scrollIntoView({ block: "nearest" });
