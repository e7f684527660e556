// Setting up: a country proposes its money and time, a slider says what it gives, paper is printed.

const place = document.querySelector("form[data-place]");
if (place) {
  const country = place.elements.country;
  const touched = new Set();
  const propose = () => {
    const chosen = country.selectedOptions[0];
    for (const name of ["currency", "zone", "locale"]) {
      const field = place.elements[name];
      const value = chosen?.dataset[name];
      if (!touched.has(name) && [...field.options].some((one) => one.value === value)) field.value = value;
    }
  };
  country.addEventListener("change", propose);
  for (const name of ["currency", "zone", "locale"]) place.elements[name].addEventListener("change", () => touched.add(name));
}

const slider = document.querySelector("form[data-cost] #rate");
if (slider) {
  const words = [...document.querySelectorAll("[data-words] li")].map((one) => one.textContent);
  const say = () => {
    document.getElementById("rate-said").value = words[slider.value];
    slider.setAttribute("aria-valuetext", words[slider.value]);
  };
  slider.addEventListener("input", say);
  say();
}

// Whoever types a colour of their own means it.
const look = document.querySelector("form[data-look]");
look?.elements.own.addEventListener("input", () => { look.querySelector("input[value=own]").checked = true; });

document.querySelector("[data-print]")?.addEventListener("click", () => print());
