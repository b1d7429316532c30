// What happens is told by the server; the page then fetches its own part again.
(() => {
  const ABOUT_IDLE = ["idle-asked", "idle-answered", "started", "ended"];
  const body = document.body.dataset;
  const live = () => ("live" in body ? document.getElementById("diary") : null);
  const idle = () => document.getElementById("idle");
  const ask = () => { if (idle()) htmx.trigger(idle(), "refresh"); };
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
    if (!body.events || !(live() || idle()) || stream || document.visibilityState === "hidden") return;
    stream = new EventSource(body.events);
    stream.addEventListener("message", (event) => {
      if (ABOUT_IDLE.includes(JSON.parse(event.data).kind)) ask();
      refresh();
    });
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      if (stream) stream.close();
      stream = null;
    } else {
      listen();
      ask();
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
