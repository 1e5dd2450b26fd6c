// The sums of a budget while it is typed: each row, each column, and the whole. The check list has the last word.
"use strict";

const UNITS = { 万: 1e4, 亿: 1e8 };

function yuan(text) {
  const found = text.normalize("NFKC").replaceAll(/[,\s元]/g, "").match(/^(\d+(?:\.\d+)?)([万亿]?)$/);
  return found ? Math.round(Number(found[1]) * (UNITS[found[2]] ?? 1)) : text.trim() ? Number.NaN : 0;
}

const told = (sum) => (Number.isNaN(sum) ? "?" : sum.toLocaleString("en"));
const sumOf = (cells) => cells.reduce((sum, cell) => sum + yuan(cell.value), 0);

function addUp(table) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);
  for (const [at, place] of [...table.querySelectorAll("tbody output")].entries()) place.value = told(sumOf(rows[at]));
  const sums = [...table.tFoot.querySelectorAll("output")];
  for (const [at, place] of sums.entries()) {
    const column = at < sums.length - 1 ? rows.map((row) => row[at]) : rows.flat();
    place.value = told(sumOf(column));
  }
}

for (const table of document.querySelectorAll(".bid-budget")) {
  addUp(table);
  table.addEventListener("input", () => addUp(table));
}
