/* Comfort in a matrix of the entry page: moving between cells, pasting a block, and sums while typing.
   The page is whole without it, and the server alone decides. */

const form = document.querySelector("#entry");
const matrices = [...form.querySelectorAll(".crosstab")];

function cellsOf(matrix) {
  return [...matrix.querySelectorAll("input[data-of]")];
}

function parse(text) {
  const plain = text.normalize("NFKC").replace(/[,\s'’]/g, "");
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}

function grouped(value) {
  return value.toLocaleString("en-US", { maximumFractionDigits: 12 });
}

/* Sums ---------------------------------------------------------------------------------------------------------- */

/* What a block adds up to; NaN while a cell is blank or says something else. */
function sumOf(matrix, block, column) {
  const cells = cellsOf(matrix).filter(
    (cell) => cell.dataset.block === block && cell.dataset.of === column && "counts" in cell.dataset,
  );
  const numbers = cells.map((cell) => parse(cell.value));
  const known = numbers.filter((number) => !Number.isNaN(number));
  const total = Math.round(known.reduce((sum, number) => sum + number, 0) * 1e6) / 1e6;
  return { total, any: known.length > 0, whole: known.length === cells.length };
}

function showSums(matrix, columns) {
  for (const output of matrix.querySelectorAll("output[data-sum]")) {
    const { sum: block, of: column } = output.dataset;
    if (columns && !columns.has(column)) continue;
    const found = sumOf(matrix, block, column);
    output.querySelector(".crosstab__total").textContent = found.any ? grouped(found.total) : "";
    const reference = matrix.querySelector(`output[data-whole][data-of="${column}"]`);
    const all = reference ? sumOf(matrix, reference.dataset.sum, column) : null;
    const compares = all !== null && output !== reference && found.whole && all.whole;
    const missing = compares ? Math.round((all.total - found.total) * 1e6) / 1e6 : 0;
    const words = missing > 0 ? matrix.dataset.tooFew : matrix.dataset.tooMany;
    output.querySelector(".crosstab__missing").textContent = missing ? words.replace("#", grouped(Math.abs(missing))) : "";
    output.querySelector(".crosstab__agrees").textContent = compares && !missing ? "✓" : "";
  }
}

/* A number typed over "not measured" is a value again. */
function valueGoesWithMethod(cell) {
  const how = document.getElementById(cell.id.replace(/:value$/, ":how"));
  if (how && !how.querySelector("optgroup").contains(how.selectedOptions[0])) how.value = how.dataset.usual;
}

for (const matrix of matrices) {
  matrix.addEventListener("input", (event) => {
    if (!event.target.matches("input[data-of]")) return;
    if (event.target.value.trim()) valueGoesWithMethod(event.target);
    showSums(matrix, new Set([event.target.dataset.of]));
  });
  form.addEventListener("restored", () => showSums(matrix));
}

/* Moving: arrows up and down in a column, left and right at the ends of what is typed ------------------------------ */

function neighbour(matrix, cell, down, right) {
  if (down) {
    const column = cellsOf(matrix).filter((other) => other.dataset.of === cell.dataset.of);
    return column[column.indexOf(cell) + down];
  }
  const line = [...cell.closest("tr").querySelectorAll("input[data-of]")];
  return line[line.indexOf(cell) + right];
}

const STEPS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

form.addEventListener("keydown", (event) => {
  const cell = event.target;
  const steps = STEPS[event.key];
  if (!steps || !cell.matches(".crosstab input[data-of]")) return;
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const chosen = cell.selectionStart !== cell.selectionEnd;
  const all = chosen && cell.selectionEnd - cell.selectionStart === cell.value.length;
  if (event.key === "ArrowRight" && !all && cell.selectionEnd < cell.value.length) return;
  if (event.key === "ArrowLeft" && !all && cell.selectionStart > 0) return;
  const next = neighbour(cell.closest(".crosstab"), cell, ...steps);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select();
});

/* A block from a spreadsheet ------------------------------------------------------------------------------------- */

form.addEventListener("paste", (event) => {
  const start = event.target;
  const text = (event.clipboardData?.getData("text/plain") ?? "").replace(/\r?\n$/, "");
  if (!start.matches(".crosstab input[data-of]") || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const matrix = start.closest(".crosstab");
  const codes = [...new Set(cellsOf(matrix).map((cell) => cell.dataset.of))];
  const lines = [...matrix.querySelectorAll(".crosstab__line")];
  const first = lines.indexOf(start.closest("tr"));
  const from = codes.indexOf(start.dataset.of);
  let filled = 0;
  text.split(/\r?\n/).forEach((line, down) => {
    line.split("\t").forEach((content, right) => {
      const cell = lines[first + down]?.querySelector(`input[data-of="${codes[from + right]}"]`);
      if (!cell) return;
      cell.value = content.trim();
      if (cell.value) valueGoesWithMethod(cell);
      filled += 1;
    });
  });
  showSums(matrix);
  start.dispatchEvent(new Event("input", { bubbles: true }));
  const report = document.querySelector("#report");
  report.textContent = `${report.dataset.pasted} ${filled}.`;
});

/* Going to a cell by its address means going on there ------------------------------------------------------------- */

window.addEventListener("load", () => {
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.querySelector?.("input[data-of]")?.focus();
});
