// Small comforts; every page works without them.
"use strict";

// A box that ticks all others of its form.
for (const all of document.querySelectorAll("input[data-ticks]")) {
  const boxes = () => [...document.querySelectorAll(`input[type=checkbox][name="${all.dataset.ticks}"]`)];
  const count = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
    for (const shown of document.querySelectorAll("[data-count-of]")) {
      shown.textContent = ticked ? `(${ticked})` : "";
    }
  };
  all.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; count(); });
  for (const box of boxes()) box.addEventListener("change", count);
  count();
}

// A form that is sent as soon as a choice is made.
for (const form of document.querySelectorAll("form[data-quick]")) {
  for (const choice of form.querySelectorAll("select, input[type=checkbox], input[type=date]")) {
    choice.addEventListener("change", () => form.requestSubmit());
  }
}

// Tables with rows to add and to take out; without this the page does it.
for (const table of document.querySelectorAll("table.rows")) {
  const group = table.closest(".table");
  const adds = group.querySelector("[data-adds]");
  adds.addEventListener("click", (event) => {
    event.preventDefault();
    const number = Number(table.dataset.next);
    table.dataset.next = number + 1;
    const body = table.tBodies[0];
    const row = group.querySelector("template").content.querySelector("tr").cloneNode(true);
    for (const part of row.querySelectorAll("*")) {
      for (const each of part.attributes) {
        each.value = each.value.replaceAll("__n__", number).replaceAll("__i__", body.rows.length + 1);
      }
    }
    table.tHead.hidden = false;
    body.append(row);
    row.querySelector("input:not([type=hidden]), select").focus();
    group.dispatchEvent(new Event("input", { bubbles: true }));
  });
  table.addEventListener("click", (event) => {
    const removes = event.target.closest("[data-removes]");
    if (!removes) return;
    event.preventDefault();
    removes.closest("tr").remove();
    table.tHead.hidden = table.tBodies[0].rows.length === 0;
    adds.focus();
    group.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// A tick that something hangs on shows it.
for (const tick of document.querySelectorAll("input[data-opens]")) {
  tick.addEventListener("change", () => {
    const below = tick.closest(".entry").nextElementSibling;
    if (below instanceof HTMLDetailsElement) below.open = tick.checked;
  });
}

// A link to a field that is folded away opens what it is in.
const unfold = () => {
  const wanted = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const folded = wanted && wanted.closest("details:not([open])");
  if (folded) { folded.open = true; wanted.scrollIntoView(); }
};
window.addEventListener("hashchange", unfold);

// What cannot be saved is mended from the first fault on.
const fault = document.querySelector("form[data-unsaved=yes] .wrong");
if (fault) {
  const where = fault.closest(".entry, td, .table");
  const field = where.querySelector("input:not([type=hidden]), select");
  (where.matches(".table") ? where : field)?.focus();
} else {
  document.querySelector("section.alarm[tabindex]")?.focus();
}

// Nobody leaves a form with changes that are not saved without being asked.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let changed = form.dataset.unsaved === "yes";
  const told = form.querySelector("[data-told]");
  const tell = () => { told.hidden = !changed; };
  form.addEventListener("input", () => { changed = true; tell(); });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  tell();
}
