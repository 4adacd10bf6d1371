// The page works by itself, as forms and links. This makes it quick: it fetches the same pages and puts in their parts.
(() => {
  "use strict";
  document.documentElement.classList.add("scripted");
  const by = (id) => document.getElementById(id);
  let queue = Promise.resolve();

  // What was tapped is done in its order, and nothing tapped meanwhile is lost.
  const inTurn = (work) => { queue = queue.then(work, work); return queue; };

  async function fetched(url, options) {
    try {
      const response = await fetch(url, { credentials: "same-origin", ...options });
      const text = await response.text();
      by("silent").hidden = true;
      return { response, text };
    } catch {
      by("silent").hidden = false;
      by("silent").scrollIntoView({ block: "nearest" });
      return null;
    }
  }

  async function go(url, options = {}, back = false) {
    const busy = document.querySelectorAll("main .go, main .pay");
    const answer = await fetched(url, options);
    if (!answer) { busy.forEach((each) => each.removeAttribute("aria-busy")); return; }
    const before = location.pathname;
    if (answer.response.ok && answer.response.url !== location.href) {
      if (back) history.replaceState(null, "", answer.response.url); else history.pushState(null, "", answer.response.url);
    }
    put(new DOMParser().parseFromString(answer.text, "text/html"), before === location.pathname && answer.response.ok);
  }

  function put(page, samePlace) {
    const focused = document.activeElement && document.activeElement.id;
    const scrolled = new Map();
    document.querySelectorAll("[data-keep-scroll]").forEach((each) => scrolled.set(each.id, [each.scrollTop, each.scrollLeft]));
    document.title = page.title;
    page.querySelectorAll("[data-swap][id]").forEach((fresh) => by(fresh.id).replaceWith(document.adoptNode(fresh)));
    const shown = page.getElementById("lamp");
    if (shown && !lamp.querySelector("[open]") && shown.innerHTML !== lamp.innerHTML) lamp.innerHTML = shown.innerHTML;
    const said = page.getElementById("say");
    if (said && said.textContent !== by("say").textContent) by("say").textContent = said.textContent;
    if (samePlace) {
      scrolled.forEach(([top, left], id) => { const each = by(id); if (each) { each.scrollTop = top; each.scrollLeft = left; } });
    } else { scrollTo(0, 0); }
    const touched = document.querySelector("[data-touched]");
    if (touched && touched.closest(".ticket-lines").scrollHeight > touched.closest(".ticket-lines").clientHeight) touched.scrollIntoView({ block: "nearest" });
    settle(samePlace && focused ? by(focused) : null);
  }

  // The focus goes to what the page is for, or stays where it was.
  function settle(same) {
    const alarm = document.querySelector("main .alarm");
    if (alarm) alarm.scrollIntoView({ block: "nearest" });
    const wanted = document.querySelector("main [autofocus]") || (same && !same.disabled && same)
      || document.querySelector("main [data-focus]") || document.querySelector("main h1[tabindex]");
    const typing = wanted && wanted.matches("input") && matchMedia("(max-width: 40rem)").matches;
    if (wanted && !typing) { wanted.focus({ preventScroll: wanted === same }); if (wanted.matches("[data-select]")) wanted.select(); }
    else {
      by("main").focus({ preventScroll: true });
      if (wanted) wanted.scrollIntoView({ block: "nearest" });
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    if (form.dataset.sent) { event.preventDefault(); return; }
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form));
    if (button && button.name) data.append(button.name, button.value);
    if (form.querySelector("[name=ticket], [name=made]")) form.dataset.sent = "1";  // paid once
    if (button && button.matches(".go")) button.setAttribute("aria-busy", "true");
    const sent = form.method === "get"
      ? inTurn(() => go(`${form.action}?${data}`))
      : inTurn(() => go(form.action, { method: "POST", body: data }));
    sent.finally(() => { delete form.dataset.sent; });
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && link.origin === location.origin && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      if (link.getAttribute("href").startsWith("#")) return;
      event.preventDefault();
      if (link.getAttribute("aria-disabled") !== "true") inTurn(() => go(link.href));
      return;
    }
    const key = event.target.closest("[data-key]");
    if (key) return typed(key);
    const fill = event.target.closest("[data-fill]");
    if (fill) { by(fill.dataset.fill).value = fill.dataset.value; return; }
    const step = event.target.closest("[data-step]");
    if (step) {
      const input = by(step.dataset.for);
      const next = (parseInt(input.value, 10) || 0) + Number(step.dataset.step);
      input.value = Math.max(0, Math.min(next, Math.floor(Number(input.dataset.most))));
    }
  });

  // The keypad writes where the cashier last was among its form's fields; the first key takes the place of what stood.
  let typing = null, begun = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".channel-form input")) { if (typing !== event.target) begun = null; typing = event.target; }
  });
  function typed(key) {
    const fallback = by(key.closest("[data-keypad]").dataset.keypad);
    const input = typing && typing.isConnected && typing.form === fallback.form ? typing : fallback;
    if (begun !== input && input.matches("[data-select]") && key.dataset.key !== "back") input.value = "";
    begun = input;
    input.value = key.dataset.key === "back" ? input.value.slice(0, -1) : input.value + key.dataset.key;
  }

  // The list of customers follows what is typed; an answer that was overtaken is not shown.
  let asked = 0, pause = 0;
  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.matches("[data-search]")) return;
    clearTimeout(pause);
    pause = setTimeout(async () => {
      const mine = ++asked;
      const answer = await fetched(`${input.dataset.search}?q=${encodeURIComponent(input.value)}`);
      if (!answer || mine !== asked || !answer.response.ok || !by("customers")) return;
      by("customers").innerHTML = answer.text;
      by("say").textContent = by("customers").querySelector("[data-say]").dataset.say;
    }, 90);
  });

  document.addEventListener("keydown", (event) => {
    const found = [...document.querySelectorAll(".customer")], at = found.indexOf(document.activeElement);
    const searching = event.target.matches("[data-search]");
    if (event.key === "Escape") {
      const open = document.querySelector(".lamp[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); return; }
      const away = document.querySelector("main [data-escape]");
      if (away) { event.preventDefault(); away.click(); }
    } else if (searching && event.key === "Enter") {
      event.preventDefault();
      if (found.length === 1) found[0].click(); else if (found.length) found[0].focus();
    } else if ((searching || at >= 0) && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const next = found[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) next.focus(); else if (event.key === "ArrowUp") document.querySelector("[data-search]").focus();
    }
  });

  // What has been counted so far.
  document.addEventListener("input", (event) => {
    const counted = event.target.closest("[data-count]");
    if (!counted) return;
    let sum = 0;
    counted.querySelectorAll("[data-worth]").forEach((each) => { sum += (parseInt(each.value, 10) || 0) * Number(each.dataset.worth); });
    by("counted").textContent = `${String(sum).replace(/\B(?=(\d{3})+$)/g, "\u00a0")},00`;
  });

  addEventListener("popstate", () => inTurn(() => go(location.href, {}, true)));

  const lamp = by("lamp");
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetched(lamp.dataset.lamp);
    if (!answer || !answer.response.ok || lamp.dataset.shown === answer.text) return;
    const open = lamp.querySelector("details").open;
    lamp.innerHTML = lamp.dataset.shown = answer.text;
    lamp.querySelector("details").open = open;
  }, 4000);
  const aim = document.querySelector("main [data-focus]");
  if (aim) aim.focus();
})();
