// What happens is told by the server; the page then fetches its own part again.
(() => {
  const body = document.body.dataset;
  const live = () => document.getElementById("diary");
  let stream = null;
  let timer = 0;
  let focused = "";
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.querySelector("dialog[open]") || document.visibilityState === "hidden" || !live()) return;
      const card = document.activeElement.closest(".card");
      focused = card ? card.id : "";
      htmx.trigger(live(), "refresh");
    }, 150);
  };
  document.addEventListener("htmx:afterSettle", () => {
    wd.show();
    const card = focused && document.getElementById(focused);
    if (card && document.activeElement === document.body) card.querySelector(".go").focus({ preventScroll: true });
  });
  const listen = () => {
    if (!body.events || !("live" in body) || stream || document.visibilityState === "hidden") return;
    stream = new EventSource(body.events);
    stream.addEventListener("message", refresh);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      if (stream) stream.close();
      stream = null;
    } else {
      listen();
      refresh();
    }
  });
  listen();
  setInterval(() => { if (document.querySelector(".state-tracking")) refresh(); }, 60000);
  setInterval(() => {
    for (const one of document.querySelectorAll("[data-countdown]")) {
      const left = Number(one.dataset.countdown) - 1;
      one.dataset.countdown = left;
      one.textContent = `${Math.max(left, 0)} s`;
      if (left === -1) refresh();
    }
  }, 1000);
})();
