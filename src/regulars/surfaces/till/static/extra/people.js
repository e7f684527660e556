// Who says yes above the shop's limit, who proves that they are here by a code, and a member's card that opens in their own telephone.

import { find } from "../find.js";
import { cashiers } from "../lock.js";
import { saying, words } from "../say.js";
import { inDigits } from "./typed/phones.js";
import { askMay, cardLink, noMore, sayCode, sendCode } from "../serve.js";

/** The screens of a manager's PIN and of a card's square; `desk` is what every screen has. */
export function people(desk) {
  const { go, here, refuse, shop, slot, trying } = desk;

  async function fillApprove() {
    const [nobody, who] = [slot("nobody"), slot("who")];
    slot("name").textContent = here.offer.name;
    const all = (await cashiers()).filter((one) => one.approves);
    nobody.hidden = all.length > 0;
    who.replaceChildren(...all.map((one, place) => desk.person(one, place === 0)));
  }

  async function approve(form) {
    const field = desk.main.querySelector("#approve-pin");
    const manager = { approved_by: form.get("who") ?? "", pin: inDigits(form.get("pin")) };
    field.value = "";
    try {
      await desk.handItOver(manager);
    } catch (error) {
      const no = { pin_wrong: words.pinWrong, too_many_tries: words.pinOften, manager_needed: words.managerOnly }[error.code];
      if (!no) throw error;
      if (desk.main.dataset.screen !== "approve") return;
      refuse(no);
      field.focus();
    }
  }

  let proof = {};
  function fillProof() {
    proof = { key: crypto.randomUUID() };
    here.proving = false;
    slot("name").textContent = here.offer.name;
  }

  async function sendProof() {
    const [mine, box] = [proof, slot("sent")];
    const sent = await sendCode(here.found, here.offer, mine.key);
    if (desk.main.dataset.screen !== "proof" || proof !== mine) return;
    proof.sent = sent;
    box.textContent = saying("codeSent", sent.hint);
    box.hidden = false;
    slot("digits").hidden = false;
    slot("ask").hidden = true;
    desk.main.querySelector("#proof-code").focus();
  }

  async function prove(form) {
    const field = desk.main.querySelector("#proof-code");
    const code = form.get("code");
    field.value = "";
    try {
      here.found.code = (await sayCode(proof.sent, code)).card_code;
    } catch (error) {
      field.focus();
      throw error;
    }
    await desk.handItOver();
  }

  /** They show their card while it is asked for: it is proof where it is theirs. */
  const shown = (code) => trying(async () => {
    if (desk.main.dataset.screen !== "proof") await go("proof");
    const [who, offer] = [here.found, here.offer];
    const found = await find(code, shop.dialling);
    if (desk.main.dataset.screen !== "proof" || here.found !== who || here.offer !== offer) return undefined;
    if (!found?.proved) return refuse(words.cardNone);
    if (found.id !== who.id) return refuse(words.cardOther);
    Object.assign(who, { code: found.code, proved: true });
    return desk.handItOver();
  });

  /** They would like to hear from the shop: they are asked in their own telephone. */
  async function mayWrite() {
    const told = await askMay(here.found);
    desk.toast(told.state === "given" ? words.maySaid : saying("mayAsked", told.hint));
  }

  /** They want no more of it: nothing is sent from now on. */
  async function writeNoMore() {
    await noMore(here.found);
    desk.toast(words.noMoreHeard);
  }

  let ends;
  async function fillLink() {
    slot("who").textContent = desk.helloOf(here.stand.member);
    clearInterval(ends);
    const box = slot("square");
    let found;
    try {
      found = await cardLink(here.found);
    } catch (error) {
      if (desk.main.dataset.screen !== "link" || slot("square") !== box) return;
      box.hidden = true;
      refuse(error.code === "sender_there" ? words.senderThere : error.status ? error.message : words.linkAway);
      return;
    }
    if (desk.main.dataset.screen !== "link" || slot("square") !== box) return;
    box.src = URL.createObjectURL(new Blob([found.square], { type: "image/svg+xml" }));
    box.hidden = false;
    const until = Date.now() + 5 * 60_000;
    const tick = () => {
      if (desk.main.dataset.screen !== "link" || slot("square") !== box) return clearInterval(ends);
      const left = Math.max(0, Math.round((until - Date.now()) / 1000));
      slot("left").textContent = left ? saying("linkLasts", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`) : words.linkOver;
      if (!left) {
        box.hidden = true;
        clearInterval(ends);
      }
      return undefined;
    };
    ends = setInterval(tick, 1000);
    tick();
  }

  return {
    screens: { approve: fillApprove, link: fillLink, proof: fillProof },
    acts: { approve: (form) => trying(() => approve(form)), proof: (form) => trying(() => prove(form)) },
    shown,
    taps: {
      "to-offer": () => (here.offer.takes ? go("pay") : desk.ask(here.offer)),
      "scan-proof": () => {
        here.proving = true;
        return go("scan");
      },
      "link-again": () => go("link"), "send-code": () => trying(sendProof), "may-write": () => trying(mayWrite), "no-more": () => trying(writeNoMore),
    },
  };
}
