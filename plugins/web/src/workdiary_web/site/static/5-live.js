// What happens is told by the server; the page then fetches its own part again.
(() => {
  const ABOUT_IDLE = ["idle-asked", "idle-answered", "started", "ended"];
  const body = document.body.dataset;
  const live = () => ("live" in body ? document.getElementById("diary") : null);
  const idle = () => document.getElementById("idle");
  const asked = {}; // by part: "once", or "again" if something has happened since
  // The answer replaces the part, and htmx forgets what was triggered on the old one meanwhile.
  const fetchPart = (part) => {
    if (asked[part.id]) { asked[part.id] = "again"; return; }
    asked[part.id] = "once";
    const given = (name) => part.getAttribute(name);
    htmx.ajax("GET", given("hx-get"), { source: part, target: part, swap: given("hx-swap"), select: given("hx-select") })
      .catch(() => {}).finally(() => {
        const again = asked[part.id] === "again" && document.getElementById(part.id);
        delete asked[part.id];
        if (again) fetchPart(again);
      });
  };
  const ask = () => { if (idle()) fetchPart(idle()); };
  let stream = null;
  let timer = 0;
  let focused = "";
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.querySelector("dialog[open]") || document.visibilityState === "hidden" || !live()) return;
      const card = document.activeElement.closest(".card");
      focused = card ? card.id : "";
      fetchPart(live());
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
    stream.addEventListener("open", () => { ask(); refresh(); }); // what happened before anybody listened
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
