// Tells how far something has come, and shows the page anew when it is over. Without it there is a link to do so.
"use strict";

const underWay = document.querySelector("[data-progress]");
const bar = underWay.querySelector("progress");
const soFar = underWay.querySelector("[data-so-far]");

async function look() {
  try {
    const answer = await fetch(underWay.dataset.progress);
    const told = answer.ok ? await answer.json() : { running: false };
    if (!told.running) { location.assign(underWay.dataset.then); return; }
    soFar.textContent = told.text;
    if (told.of) { bar.max = told.of; bar.value = told.done; } else { bar.removeAttribute("value"); }
  } catch { /* the console may be busy, or gone; the next look tells */ }
  setTimeout(look, 700);
}

setTimeout(look, 300);
