// A form that brings a file: too large a one is not sent at all; while one is on its way the form
// shows how far it is, can be stopped, and is not sent a second time. Without scripts it is sent
// as any form is.

const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
let underWay = 0;

for (const form of document.querySelectorAll("form[data-brings]")) {
  const input = form.querySelector("input[type=file]");
  const state = form.querySelector("[role=status]");
  const way = form.querySelector(".progress");
  const stop = form.querySelector("[data-stop]");
  input.addEventListener("change", () => {
    const large = (input.files[0]?.size ?? 0) > Number(form.dataset.brings);
    input.setCustomValidity(large ? form.dataset.large : "");
    if (large) input.reportValidity();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    const asked = new XMLHttpRequest();
    begin();
    asked.upload.addEventListener("progress", (told) => told.lengthComputable && shows(told));
    asked.addEventListener("load", () => (end(), arrived(asked)));
    asked.addEventListener("error", () => (end(), (state.textContent = state.dataset.fell)));
    asked.addEventListener("abort", () => (end(), (state.textContent = state.dataset.stopped)));
    stop.onclick = () => asked.abort();
    asked.open("POST", form.action);
    asked.send(new FormData(form));
  });

  function begin() {
    form.dataset.sent = "yes";
    underWay += 1;
    state.textContent = state.dataset.says;
    shows({ loaded: 0, total: input.files[0]?.size ?? 0 });
    way.hidden = stop.hidden = false;
  }

  function shows({ loaded, total }) {
    const [done, all] = [loaded, total].map((bytes) => number.format(bytes / 2 ** 20));
    way.querySelector(".number").textContent = way.dataset.says
      .replace("{done}", done)
      .replace("{all}", all);
    Object.assign(way.querySelector("progress"), { max: total || 1, value: loaded });
  }

  function end() {
    delete form.dataset.sent;
    underWay -= 1;
    way.hidden = stop.hidden = true;
    if (document.activeElement === stop || document.activeElement === document.body) {
      form.querySelector("button:not([data-stop])").focus();
    }
  }
}

// What came of it is a page: the next step, or what is wrong with the file.
function arrived(asked) {
  if (asked.status < 400) return location.assign(asked.responseURL);
  const page = new DOMParser().parseFromString(asked.responseText, "text/html");
  const told = page.querySelector("main");
  if (!told) return location.reload();
  document.querySelector("main").replaceWith(document.adoptNode(told));
  told.tabIndex = -1;
  told.focus();
}

addEventListener("beforeunload", (event) => underWay && event.preventDefault());
// Whoever comes back by the browser's own button may send again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
