// Dialogs: a page's part, fetched into a <dialog>. Without scripts the same addresses are pages.
(() => {
  const say = (text) => { document.getElementById("said").textContent = text; };
  const fetchInto = async (url, dialog, body, part) => {
    await htmx.ajax("GET", url, { target: body, select: part, swap: "innerHTML" });
    if (!dialog.querySelector(part)) return location.assign(url); // an error has a page of its own
    const title = dialog.querySelector("h1");
    if (title) dialog.setAttribute("aria-label", title.textContent.trim());
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector("[autofocus]");
    if (first) first.focus();
    if (first && first.select) first.select();
  };
  const openChange = (button) => {
    const form = button.form;
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) values.append(name, value);
    if (!values.has("id")) return say("Nothing is selected.");
    fetchInto(`${button.formAction}?${values}`, document.getElementById("dialog"), "#dialog-body", "#change");
  };
  const openImage = (href) => fetchInto(href, document.getElementById("lightbox"), "#lightbox-body", "#frame");
  Object.assign(wd, {
    say,
    openImage,
    change(kind, card) {
      const selector = { e: '[data-change][aria-keyshortcuts="e"]', Delete: '[data-change][aria-keyshortcuts="Delete"]' }[kind];
      const button = document.querySelector(selector);
      if (!button) return;
      if (button.closest(".selection") && !wd.ensure(card)) return say("Move to a segment first, or select some.");
      openChange(button);
    },
  });
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    const look = at("a.look") || at("dialog a[data-frame]");
    if (look && plain && document.getElementById("lightbox")) {
      event.preventDefault();
      openImage(look.href);
    } else if (at("[data-change]")) {
      event.preventDefault();
      openChange(at("[data-change]"));
    } else if (at("[data-open]")) {
      document.getElementById(at("[data-open]").dataset.open).showModal();
    } else if (at("[data-close]")) {
      at("dialog").close();
    } else if (event.target.nodeName === "DIALOG") {
      const box = event.target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside) event.target.close();
    }
    const menu = document.querySelector("details.menu[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const box = document.getElementById("lightbox");
    if (!box || !box.open) return;
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = rel && box.querySelector(`a[data-frame][rel="${rel}"]`);
    if (link) {
      event.preventDefault();
      openImage(link.href);
    }
  });
  document.addEventListener("submit", (event) => {
    // A field that is hidden with its details is of no use to a form that applies itself.
    if (event.target.matches("[data-auto]")) event.target.querySelectorAll("select").forEach((one) => { if (!one.value) one.disabled = true; });
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form && !event.target.matches('input[name="client_zone"]')) form.requestSubmit();
  });
})();
