// A form that brings a file: too large a one is not sent at all, and while one is on its way the
// form says so and is not sent a second time.

for (const form of document.querySelectorAll("form[data-brings]")) {
  const input = form.querySelector("input[type=file]");
  const state = form.querySelector("[role=status]");
  input.addEventListener("change", () => {
    const large = (input.files[0]?.size ?? 0) > Number(form.dataset.brings);
    input.setCustomValidity(large ? form.dataset.large : "");
    if (large) input.reportValidity();
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    state.textContent = state.dataset.says;
  });
}
// Whoever comes back by the browser's own button may send again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
