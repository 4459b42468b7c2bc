"use strict";
// Runs before the rows are there: a browser that lays out 5,000 of them only to hide them again takes half a minute.
document.documentElement.classList.add("live");
document.addEventListener("DOMContentLoaded", () => {
  const page = 200;
  const search = document.getElementById("search");
  if (!search) return;
  const body = document.querySelector("tbody");
  // Rows that are not shown are not in the page at all: hidden ones would still be styled at each change.
  const rows = [...body.rows].map((row) => ({
    row,
    states: row.dataset.states.split("|"),
    text: row.firstElementChild.textContent.toLowerCase(),
  }));
  const buttons = [...document.querySelectorAll("button[data-state]")];
  const shown = document.getElementById("shown");
  const table = document.querySelector(".scroll");
  const more = document.getElementById("more");
  let state = "";
  let limit = page;
  const apply = () => {
    const words = search.value.trim().toLowerCase();
    const fitting = rows.filter(({ states, text }) => (!state || states.includes(state)) && text.includes(words));
    const left = Math.max(fitting.length - limit, 0);
    body.replaceChildren(...fitting.slice(0, limit).map(({ row }) => row));
    table.hidden = !fitting.length;
    shown.textContent = `${fitting.length} of ${rows.length} rows${left ? `, the first ${limit} shown` : ""}`;
    more.textContent = `show ${Math.min(page, left)} more rows`;
    more.hidden = !left;
  };
  const restart = () => {
    limit = page;
    apply();
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      state = button.dataset.state;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      restart();
    });
  }
  search.addEventListener("input", restart);
  more.addEventListener("click", () => {
    const next = body.rows.length;
    limit += page;
    apply();
    // The button may be gone now: reading goes on at the first new row.
    if (more.hidden) {
      const head = body.rows[next].firstElementChild;
      head.tabIndex = -1;
      head.focus();
    }
  });
  document.getElementById("filters").hidden = false;
  apply();
  document.documentElement.classList.add("ready");
});
