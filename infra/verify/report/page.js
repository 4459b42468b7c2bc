"use strict";
(() => {
  const rows = [...document.querySelectorAll("tbody tr")];
  const buttons = [...document.querySelectorAll("button[data-state]")];
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  if (!search) return;
  let state = "";
  const apply = () => {
    const words = search.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = (!state || row.dataset.states.split("|").includes(state)) && row.dataset.text.includes(words);
      row.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = `${count} of ${rows.length} rows`;
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      state = button.dataset.state;
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      apply();
    });
  }
  search.addEventListener("input", apply);
  document.getElementById("filters").hidden = false;
  apply();
})();
