// The keyboard: arrows move between segments, letters act. Nothing happens while somebody types.
(() => {
  let prefix = 0;
  const cards = () => [...document.querySelectorAll(".card .go")];
  const current = () => document.activeElement.closest(".card");
  const centre = (element) => {
    const box = element.closest(".card").getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const beside = (all, from, step) => all[all.indexOf(from) + step];
  const nearest = (all, from, down) => {
    const [x, y] = centre(from);
    let best = null;
    let least = Infinity;
    for (const one of all) {
      const [otherX, otherY] = centre(one);
      const far = down ? otherY - y : y - otherY;
      if (far < 12) continue;
      const cost = far * 3 + Math.abs(otherX - x);
      if (cost < least) [best, least] = [one, cost];
    }
    return best;
  };
  const move = (key) => {
    const all = cards();
    if (!all.length) return false;
    const card = current();
    const from = card && card.querySelector(".go");
    let to = all[0];
    if (from && key === "ArrowRight") to = beside(all, from, 1);
    else if (from && key === "ArrowLeft") to = beside(all, from, -1);
    else if (from) to = nearest(all, from, key === "ArrowDown");
    if (!to) return true;
    to.focus();
    to.closest(".card").scrollIntoView({ block: "nearest" });
    return true;
  };
  const go = (url) => { if (url) location.assign(url); return Boolean(url); };
  const act = (event) => {
    const { key } = event;
    const page = document.body.dataset;
    if (prefix && Date.now() - prefix < 1500) {
      prefix = 0;
      const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
      return link ? go(link.href) : false;
    }
    if (key === "g") { prefix = Date.now(); return true; }
    if (key === "[") return go(page.before);
    if (key === "]") return go(page.after);
    if ("arrows" in page && key === "ArrowLeft") return go(page.before);
    if ("arrows" in page && key === "ArrowRight") return go(page.after);
    if (key.startsWith("Arrow")) return cards().length ? move(key) : false;
    if (key === "?") { document.getElementById("help").showModal(); return true; }
    if (key === "x" || key === "X") { wd.pickCard(current(), event.shiftKey); return true; }
    if (key === "e") { wd.change("e", current()); return true; }
    if (key === "Delete") { wd.change("Delete", current()); return true; }
    if (key === "z") { const undo = document.querySelector("[data-undo]"); if (undo) undo.click(); return Boolean(undo); }
    if (key === "i") {
      const card = current();
      const look = card ? card.querySelector("a.look") : document.querySelector("a.big-look");
      if (look) wd.openImage(look.href);
      return Boolean(look);
    }
    if (key === "Escape" && wd.count()) { wd.unpick(); return true; }
    if (key === "Escape" && page.up) return go(page.up);
    return false;
  };
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    const typing = target.matches('input:not([type="checkbox"], [type="radio"]), textarea, select');
    const radio = target.matches('[type="radio"]') && event.key.startsWith("Arrow");
    const scrolls = target.matches(".scroll") && event.key.startsWith("Arrow");
    if (event.ctrlKey || event.metaKey || event.altKey || typing || radio || scrolls || document.querySelector("dialog[open]")) return;
    if (act(event)) event.preventDefault();
  });
  const come = () => {
    const card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const link = card && card.querySelector(".go");
    if (link) link.focus();
  };
  // Going to a fragment takes the focus away, so ours comes after it.
  if (location.hash.startsWith("#seg-")) addEventListener("load", () => setTimeout(come));
})();
