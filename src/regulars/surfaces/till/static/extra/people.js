// Who says yes above the shop's limit, and a member's card that opens in their own telephone.

import { cashiers } from "../lock.js";
import { saying, words } from "../say.js";
import { cardLink } from "../serve.js";

/** The screens of a manager's PIN and of a card's square; `desk` is what every screen has. */
export function people(desk) {
  const { go, here, refuse, slot, trying } = desk;

  async function fillApprove() {
    const [nobody, who] = [slot("nobody"), slot("who")];
    slot("name").textContent = here.offer.name;
    const all = (await cashiers()).filter((one) => one.approves);
    nobody.hidden = all.length > 0;
    who.replaceChildren(...all.map((one, place) => desk.person(one, place === 0)));
  }

  async function approve(form) {
    const field = desk.main.querySelector("#approve-pin");
    const manager = { approved_by: form.get("who") ?? "", pin: form.get("pin") };
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
    screens: { approve: fillApprove, link: fillLink },
    acts: { approve: (form) => trying(() => approve(form)) },
    taps: { "link-again": () => go("link") },
  };
}
