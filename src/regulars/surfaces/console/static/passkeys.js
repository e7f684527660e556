// Signing in with a passkey, and adding one. The browser and the device do the work; what they say
// goes to the server as it is.

const form = document.querySelector("form[data-passkey]");
const field = (name) => form?.elements[name]?.value ?? "";

async function ask(path, told) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-form-token": field("_form") },
    body: JSON.stringify(told),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.says ?? said.code);
  return said;
}

async function enter() {
  const program = field("program");
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(await ask("/console/passkey/ask", { program }));
  const credential = await navigator.credentials.get({ publicKey: options });
  const { to } = await ask("/console/passkey/enter", { program, next: field("next"), credential: JSON.stringify(credential) });
  location.assign(to);
}

async function add() {
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(await ask("/console/passkey/add/ask", { present: field("proof") }));
  const credential = await navigator.credentials.create({ publicKey: options });
  await ask("/console/passkey/add", { name: field("name"), credential: JSON.stringify(credential) });
  location.reload();
}

// The name of a device is no search: Enter adds the passkey, too.
form?.querySelector("[data-add]") && form.addEventListener("submit", (event) => {
  event.preventDefault();
  form.querySelector("[data-add]").click();
});

const button = document.querySelector("[data-enter], [data-add]");
if (form && button && globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const work = "enter" in button.dataset ? enter : add;
    work().catch((error) => {
      if (error.name === "NotAllowedError") return; // whoever was asked said no
      const says = document.getElementById("says") ?? button.insertAdjacentElement("afterend", document.createElement("p"));
      says.id = "says";
      says.setAttribute("role", "alert");
      says.textContent = error.message;
    });
  });
}
