/* The page of the demo's web shop: a basket, and what it asks Regulars. Prices here are for show;
   the shop's server looks them up itself when the order comes. */
"use strict";
const words = JSON.parse(document.getElementById("words").content.textContent);
const at = (id) => document.getElementById(id);
const basket = new Map(JSON.parse(sessionStorage.getItem("basket") || "[]"));
const language = document.documentElement.lang;
const money = (minor) => new Intl.NumberFormat(language === "en" ? "en-GB" : language,
  { style: "currency", currency: "EUR" }).format(minor / 100);
const amount = (minor) => (minor / 100).toFixed(2);
let turn = 0;

function good(sku) {
  const card = at(sku), price = card.querySelector(".price"), earn = card.querySelector("[data-regulars-earn]");
  return { sku, name: card.querySelector("h3").textContent,
    category: earn.dataset.regularsCategory, price: earn.dataset.regularsEarn,
    memberPrice: price.dataset.regularsPrice };
}

async function priced(lines) {
  const usual = (one) => Math.round(Number(one.price) * 100);
  const asked = lines.filter((one) => one.memberPrice);
  let found = [];
  if (asked.length && window.Regulars) {
    found = await Regulars.prices(asked.map((one) => ({ ...one, benefit: "member-prices" })))
      .catch(() => []);
  }
  const minor = new Map(asked.map((one, place) => [one.sku, found[place] && found[place].minor]));
  return lines.map((one) => ({ ...one, minor: minor.get(one.sku) ?? usual(one) }));
}

async function show() {
  const mine = ++turn;
  sessionStorage.setItem("basket", JSON.stringify([...basket]));
  at("count").value = [...basket.values()].reduce((sum, one) => sum + one, 0);
  at("order").hidden = basket.size === 0;
  at("empty").hidden = basket.size > 0;
  const lines = await priced([...basket].map(([sku, many]) => ({ ...good(sku), many })));
  if (mine !== turn) return;
  const focused = document.activeElement && document.activeElement.dataset.step;
  at("lines").replaceChildren(...lines.map(line));
  if (focused) document.querySelector(`[data-step="${focused}"]`)?.focus();
  at("total").textContent = money(lines.reduce((sum, one) => sum + one.minor * one.many, 0));
  at("earns").textContent = "";
  if (!lines.length || !window.Regulars) return;
  const said = await Regulars.preview({ lines: lines.map((one) => ({ sku: one.sku,
    category: one.category, quantity: one.many, amount: amount(one.minor * one.many) })) })
    .catch(() => null);
  if (mine === turn && said && said.says) at("earns").textContent = said.member ? `+ ${said.says}` : `${words.member_for}: + ${said.says}`;
}

function line(one) {
  const row = document.createElement("li"), many = document.createElement("span");
  many.className = "many";
  const step = (sign, label, by) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = sign;
    made.setAttribute("aria-label", `${label}: ${one.name}`);
    made.dataset.step = `${one.sku}${by}`;
    made.addEventListener("click", () => put(one.sku, by));
    return made;
  };
  const count = document.createElement("output");
  count.value = one.many;
  many.append(step("−", words.less, -1), count, step("+", words.more, 1));
  for (const text of [one.name, money(one.minor * one.many)]) {
    row.append(Object.assign(document.createElement("span"), { textContent: text }));
  }
  row.append(many);
  return row;
}

function put(sku, by) {
  const left = Math.min(20, (basket.get(sku) || 0) + by);
  left > 0 ? basket.set(sku, left) : basket.delete(sku);
  at("said").textContent = "";
  show();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add]");
  if (button) put(button.dataset.add, 1);
});

at("order").addEventListener("submit", async (event) => {
  event.preventDefault();
  const number = sessionStorage.getItem("number") || crypto.randomUUID().replaceAll("-", "");
  sessionStorage.setItem("number", number);
  const token = window.Regulars ? await Regulars.token().catch(() => "") : "";
  const items = [...basket].map(([sku, quantity]) => ({ sku, quantity }));
  const answer = await fetch("/demo-shop/orders", { method: "POST",
    body: JSON.stringify({ number, items, token, code: at("code").value.trim() }) })
    .then((one) => one.json()).catch(() => ({ no: "not_now" }));
  if (answer.no) {
    if (answer.no !== "not_now") sessionStorage.removeItem("number");
    at("said").textContent = words[`no_${answer.no}`] || words.no_not_now;
    return;
  }
  sessionStorage.removeItem("number");
  basket.clear();
  at("code").value = "";
  const points = Object.values(answer.earned).some((one) => one > 0) && window.Regulars;
  const before = points ? await Regulars.member() : null;
  await show();
  const now = points ? await Regulars.refresh() : null;
  const purse = now && now.purses[0];
  const won = purse && before && purse.units - before.purses[0].units;
  at("said").textContent = [words.thanks, `${words.paid} ${money(answer.total_minor)}.`,
    won > 0 ? `${words.earned} ${won} ${purse.unit}.` : ""].filter(Boolean).join(" ");
});

let quiet = 0;
async function telephone() {
  const { code } = await fetch("/demo-shop/telephone").then((one) => one.json())
    .catch(() => ({ code: "" }));
  const said = code ? `Corner Coffee: ${code}` : words.phone_none;
  if (at("sms").textContent !== said) at("sms").textContent = said;
  if (quiet++ < 400) setTimeout(telephone, 1500);
}

addEventListener("DOMContentLoaded", () => {
  if (window.Regulars) Regulars.on("member", show);
  show();
  telephone();
});
