// The drift explainer: one feature's two windows, to be moved and recomputed.
(function () {
  "use strict";
  const dw = window.dawnwatch;
  const { data, el, number, signed, percent, count, apart } = dw;
  if (!data.features.length) return;

  const at = (id) => document.getElementById(id);
  const SIGN = { GREEN: "✓", YELLOW: "!", RED: "✗" };
  const OUTCOME = { GREEN: "passed", YELLOW: "warned", RED: "failed" };
  const FEW = 12;

  let feature = null;
  let reference = [];
  let current = [];
  let slid = []; // the current window when the slider took hold, whose proportions the other bins keep
  let chosen = 0; // the bin the slider moves and the words explain
  let rows = []; // per bin: the cells that a change writes to

  function bandMark(name) {
    return [el("i", { "aria-hidden": "true" }, SIGN[name]), ` ${name}`];
  }

  // ── Picking ──────────────────────────────────────────────────────────────────────────────────────────────────────

  function chips() {
    data.features.forEach((item, i) => {
      const input = el("input", { type: "radio", name: "feature", id: `feature-${i}`, value: String(i) });
      const mark = el("span", { class: `outcome is-${OUTCOME[item.band]}` }, ...bandMark(item.band));
      const psi = el("span", { class: "muted" }, `PSI ${apart(item.psi, [item.yellow, item.red])} `);
      at("features").append(el("label", { class: "chip" }, input, el("b", {}, item.name), " ", psi, mark));
      input.addEventListener("change", () => pick(i));
    });
    at("feature-0").checked = true;
  }

  // Every word must stand in a feature's name or be its band; what is hidden is skipped by the arrow keys too.
  function filter() {
    const asked = at("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const chips = [...at("features").children];
    chips.forEach((chip, i) => {
      const item = data.features[i];
      const text = item.name.toLowerCase();
      chip.hidden = !asked.every((word) => text.includes(word) || item.band.toLowerCase() === word);
    });
    const left = chips.filter((chip) => !chip.hidden);
    at("filtered").textContent = left.length ? `${left.length} of ${chips.length} features` : "no feature is named so";
    return left.map((chip) => chip.querySelector("input"));
  }

  function filterKey(event) {
    if (event.key === "Escape" && at("filter").value) {
      at("filter").value = "";
      filter();
      event.preventDefault();
    }
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    const [first] = filter();
    if (!first) return;
    event.preventDefault();
    if (event.key === "ArrowDown") first.focus();
    if (first.checked) return;
    first.checked = true;
    pick(Number(first.value));
  }

  function pick(index) {
    feature = data.features[index];
    reference = feature.bins.map((bin) => bin.reference);
    current = feature.bins.map((bin) => bin.current);
    slid = current;
    at("judged").textContent = feature.judged;
    at("judged").hidden = !feature.judged;
    at("harm").textContent = feature.harm;
    at("harm").hidden = !feature.harm;
    build();
    const parts = dw.psiParts(reference, current).map((part) => part.product);
    choose(parts.indexOf(Math.max(...parts)));
  }

  function choose(index) {
    chosen = index;
    slid = current;
    at("bin").value = String(index);
    refresh();
  }

  // ── Building one feature's rows, once ────────────────────────────────────────────────────────────────────────────

  function cell(label, classes = "right number") {
    return el("td", { class: classes, "data-label": label });
  }

  function counted(label, bin, values) {
    const input = el("input", {
      type: "number", min: "0", step: "1", inputmode: "numeric", "aria-label": `${label} of ${bin.name}`,
    });
    input.addEventListener("input", () => edit(input, values));
    return input;
  }

  function build() {
    const many = feature.bins.length > FEW;
    const shown = new Set(
      dw.psiParts(reference, current).map((part, i) => [part.product, i]).sort((a, b) => b[0] - a[0])
        .slice(0, many ? FEW : undefined).map(([, i]) => i),
    );
    ["bars", "rows", "parts", "bin"].forEach((id) => at(id).replaceChildren());
    rows = feature.bins.map((bin, i) => {
      const more = !shown.has(i);
      const row = { more: [] };
      const bars = [el("span", { class: "bar is-reference" }), el("span", { class: "bar is-current" })];
      row.bars = bars;
      row.values = [el("span", { class: "value" }), el("span", { class: "value" })];
      row.pair = el("div", { class: "pair" }, el("span", { class: "name", title: bin.name }, bin.name),
        el("span", { class: "track" }, bars[0], row.values[0]), el("span", { class: "track" }, bars[1], row.values[1]));
      at("bars").append(row.pair);

      row.inputs = [
        counted("Rows in the reference", bin, () => reference),
        counted("Rows in the current window", bin, () => current),
      ];
      row.button = el("button", { type: "button", class: "plain", "aria-pressed": "false" }, bin.name);
      row.button.addEventListener("click", () => choose(i));
      row.cells = ["P ref", "P cur", "Direction", "Magnitude", "Product"].map((label) => cell(label));
      const inputs = row.inputs.map((input, k) => el("td", { class: "right", "data-label": k ? "Rows, current" : "Rows, reference" }, input));
      row.line = el("tr", {}, el("th", { scope: "row" }, row.button), ...inputs, ...row.cells);
      at("rows").append(row.line);

      row.part = el("span", { class: "bar" });
      row.partValue = el("span", { class: "value" });
      row.partLine = el("div", { class: "pair single" }, el("span", { class: "name", title: bin.name }, bin.name),
        el("span", { class: "track" }, row.part, row.partValue));
      at("parts").append(row.partLine);
      at("bin").append(el("option", { value: String(i) }, bin.name));
      row.foldable = more ? [row.pair, row.line, row.partLine] : [];
      row.foldable.forEach((node) => { node.hidden = true; });
      return row;
    });
    document.querySelectorAll("button.more").forEach((button) => {
      button.hidden = !many;
      button.textContent = `Show all ${feature.bins.length} bins`;
    });
  }

  function unfold() {
    rows.forEach((row) => row.foldable.forEach((node) => { node.hidden = false; }));
    document.querySelectorAll("button.more").forEach((button) => { button.hidden = true; });
  }

  // ── Changing ─────────────────────────────────────────────────────────────────────────────────────────────────────

  function edit(input, values) {
    const entered = Number(input.value);
    const good = input.value.trim() !== "" && Number.isInteger(entered) && entered >= 0 && entered <= 1e12;
    const next = [...values()];
    const side = values() === reference ? 0 : 1;
    next[rows.findIndex((row) => row.inputs[side] === input)] = entered;
    const left = good && dw.sum(next) > 0;
    input.setAttribute("aria-invalid", String(!left));
    at("fault").hidden = left;
    if (!left) {
      at("fault").textContent = good
        ? "A window needs at least one row; the numbers below are those before this change."
        : `Rows must be a whole number from 0 up; got “${input.value}”. The numbers below are those before this change.`;
      return;
    }
    if (side === 0) reference = next;
    else current = next;
    slid = current;
    refresh(input);
  }

  function slide() {
    const share = Number(at("share").value) / 100;
    current = dw.withShare(slid, chosen, share);
    refresh(null, share);
  }

  function start(counts) {
    reference = feature.bins.map((bin) => bin.reference);
    current = counts;
    slid = current;
    refresh();
  }

  // ── Writing what follows from the counts ─────────────────────────────────────────────────────────────────────────

  function refresh(editing = null, share = null) {
    at("fault").hidden = true;
    const parts = dw.psiParts(reference, current);
    const value = dw.sum(parts.map((part) => part.product));
    const bounds = [feature.yellow, feature.red];
    const name = dw.band(value, ...bounds);
    const written = apart(value, bounds);
    at("psi").textContent = written;
    at("band").className = `outcome is-${OUTCOME[name]}`;
    at("band").replaceChildren(...bandMark(name));
    const asRun = feature.bins.every((bin, i) => bin.reference === reference[i] && bin.current === current[i]);
    at("state").textContent = asRun ? "as in this run" : "as you changed it";
    scale(value, name);

    const P = dw.shares(reference);
    const Q = dw.shares(current);
    const widest = Math.max(...P, ...Q);
    const largest = Math.max(...parts.map((part) => part.product), 1e-12);
    rows.forEach((row, i) => {
      [P[i], Q[i]].forEach((portion, k) => {
        row.bars[k].style.width = `${(100 * portion) / widest}%`;
        row.values[k].textContent = percent(portion);
      });
      [reference[i], current[i]].forEach((rowsNow, k) => {
        const input = row.inputs[k];
        if (input !== editing) input.value = String(rowsNow);
        input.removeAttribute("aria-invalid");
      });
      const part = parts[i];
      [number(part.p, 4), number(part.q, 4), signed(part.direction, 4), signed(part.magnitude, 4), number(part.product, 4)]
        .forEach((text, k) => { row.cells[k].textContent = text; });
      row.line.classList.toggle("chosen", i === chosen);
      row.button.setAttribute("aria-pressed", String(i === chosen));
      row.pair.classList.toggle("chosen", i === chosen);
      const grew = part.direction >= 0;
      row.part.className = `bar ${grew ? "is-grew" : "is-shrank"}`;
      row.part.style.width = `${(100 * part.product) / largest}%`;
      const of = value > 0 ? ` (${percent(part.product / value, 0)})` : "";
      row.partValue.textContent = `${part.direction === 0 ? "" : grew ? "▲ " : "▼ "}${number(part.product, 3)}${of}`;
    });
    at("sum-reference").textContent = count(dw.sum(reference));
    at("sum-current").textContent = count(dw.sum(current));
    at("sum").replaceChildren(`${written} `, el("span", { class: `outcome is-${OUTCOME[name]}` }, ...bandMark(name)));

    const now = share === null ? Q[chosen] : share;
    if (share === null) at("share").value = String(100 * now);
    at("share-now").textContent = percent(now);
    at("share").setAttribute("aria-valuetext", `${feature.bins[chosen].name} ${percent(now)}, PSI ${written}, ${name}`);
    const most = parts.reduce((best, part, i) => (part.product > parts[best].product ? i : best), 0);
    at("most").textContent = value > 0
      ? `${feature.bins[most].name} gives ${percent(parts[most].product / value, 0)} of it. ▲ the bin grew, ▼ it shrank; both add, because a product of two factors of one sign is never negative.`
      : "Nothing moved, so there is nothing to divide.";
    const shown = { feature, reference, current, value, asRun };
    dw.inWords(shown, chosen, parts[chosen]);
    dw.noiseTable(shown, Number(at("rows-each").value));
    dw.measureTable(shown);
  }

  function scale(value, name) {
    // Beyond six times the red bound the marker stays at the end, so that the bands can still be read.
    const end = Math.min(Math.max(feature.red * 2, value * 1.15), feature.red * 6);
    const to = (x) => `${(100 * x) / end}%`;
    const segments = [["GREEN", 0, feature.yellow], ["YELLOW", feature.yellow, feature.red], ["RED", feature.red, end]];
    const marker = el("span", { class: "marker" });
    marker.style.left = to(Math.min(value, end));
    at("scale").replaceChildren(
      ...segments.map(([label, from, until]) => {
        const node = el("span", { class: `segment is-${OUTCOME[label]}` },
          el("b", {}, el("i", { "aria-hidden": "true" }, SIGN[label]), el("span", { class: "long" }, ` ${label}`)),
          el("span", { class: "from" }, el("span", { class: "long" }, "from "), String(from)));
        node.style.width = to(until - from);
        return node;
      }),
      marker,
    );
    at("scale").setAttribute("aria-label",
      `PSI ${apart(value, [feature.yellow, feature.red])} is ${name}: yellow from ${feature.yellow}, red from ${feature.red}`);
  }

  chips();
  if (at("filter")) {
    filter();
    at("filter").addEventListener("input", filter);
    at("filter").addEventListener("keydown", filterKey);
  }
  at("bin").addEventListener("change", (event) => choose(Number(event.target.value)));
  at("share").addEventListener("input", slide);
  at("as-run").addEventListener("click", () => start(feature.bins.map((bin) => bin.current)));
  at("as-reference").addEventListener("click", () => start(feature.bins.map((bin) => bin.reference)));
  at("rows-each").addEventListener("input", () => refresh());
  document.querySelectorAll("button.more").forEach((button) => button.addEventListener("click", unfold));
  window.addEventListener("beforeprint", unfold);
  pick(0);
})();
