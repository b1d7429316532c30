// Selecting segments. What is selected outlives a refresh of the page's part.
(() => {
  const picked = new Set();
  let last = null;
  const boxes = () => [...document.querySelectorAll(".pick input")];
  const show = () => {
    for (const box of boxes()) box.checked = picked.has(box.value);
    const bar = document.querySelector(".selection");
    if (!bar) return;
    bar.classList.toggle("some", picked.size > 0);
    const text = picked.size === 1 ? "1 segment selected" : `${picked.size} segments selected`;
    bar.querySelector(".picked").textContent = picked.size ? text : "Nothing selected";
  };
  const pick = (box, range) => {
    const all = boxes();
    const from = all.findIndex((one) => one.value === last);
    const to = all.indexOf(box);
    const on = range ? true : box.checked;
    const some = range && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [box];
    for (const one of some) on ? picked.add(one.value) : picked.delete(one.value);
    last = box.value;
    show();
  };
  document.addEventListener("click", (event) => {
    if (event.target.matches(".pick input")) pick(event.target, event.shiftKey);
    if (event.target.closest("[data-unpick]")) wd.unpick();
  });
  window.wd = {
    // What a key means to select or to change: the picked ones, else the card that has the focus.
    pickCard(card, range) {
      const box = card && card.querySelector(".pick input");
      if (!box) return;
      if (!range) box.checked = !box.checked;
      pick(box, range);
    },
    ensure(card) {
      if (!picked.size) wd.pickCard(card, false);
      return picked.size > 0;
    },
    unpick() {
      picked.clear();
      show();
    },
    count: () => picked.size,
    show() {
      const there = new Set(boxes().map((box) => box.value));
      for (const id of picked) if (!there.has(id)) picked.delete(id);
      show();
    },
  };
  for (const box of boxes()) if (box.checked) picked.add(box.value); // the browser went back
  show();
})();
