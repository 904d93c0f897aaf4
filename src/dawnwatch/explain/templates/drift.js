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

  function pick(index) {
    feature = data.features[index];
    reference = feature.bins.map((bin) => bin.reference);
    current = feature.bins.map((bin) => bin.current);
    slid = current;
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
    inWords(parts[chosen], value);
    noiseTable(value, bounds);
    measureTable();
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

  function inWords(part, total) {
    const bin = feature.bins[chosen].name;
    const grew = part.direction > 0;
    const same = part.direction === 0;
    const raw = [dw.shares(reference)[chosen], dw.shares(current)[chosen]];
    const floored = (raw[0] === 0) !== (raw[1] === 0);
    const ratio = part.q / part.p;
    const empty = floored
      ? ` The ${raw[0] === 0 ? "reference" : "current window"} holds no such row, and ln of nothing is infinite: its share is taken as ${number(Math.min(part.p, part.q), 4)}, one row in ten thousand or the other share if that is smaller.`
      : "";
    const steps = [
      ["1. Direction", `${number(part.q, 4)} − ${number(part.p, 4)} = ${signed(part.direction, 4)}`,
        same ? `${bin} holds the same share of the rows as before.`
          : `${bin} went from ${percent(part.p)} to ${percent(part.q)} of the rows: it ${grew ? "grew" : "shrank"} by ${number(Math.abs(part.direction) * 100, 1)} points. This factor says which way, and how many rows are concerned.`],
      ["2. Magnitude", same ? "ln(1) = 0" : `ln(${number(part.q, 4)} / ${number(part.p, 4)}) = ln(${number(ratio, 3)}) = ${signed(part.magnitude, 4)}`,
        same ? "The ratio is 1, and its logarithm 0."
          : `It is ${number(ratio >= 1 ? ratio : 1 / ratio, 2)} times as ${grew ? "common" : "rare"} as before. The logarithm measures change as a ratio: doubling from 1% to 2% counts like doubling from 20% to 40%.${empty}`],
      ["3. Product", `${signed(part.direction, 4)} × ${signed(part.magnitude, 4)} = ${number(part.product, 4)}`,
        same ? "Nothing moved here, so it adds nothing."
          : `A large ratio of few rows and a small ratio of many both stay small; it takes both. ${grew ? "Plus times plus" : "Minus times minus"} is plus, so no bin cancels another. ${bin} gives ${percent(total > 0 ? part.product / total : 0, 0)} of this PSI.`],
    ];
    at("words-of-bin").replaceChildren(
      ...steps.map(([title, sum, text]) => el("div", {}, el("h3", {}, title), el("p", { class: "sum" }, sum), el("p", {}, text))),
    );
  }

  function noiseTable(value, bounds) {
    const bins = dw.binsInUse(reference, current);
    const each = Number(at("rows-each").value);
    const sizes = [[200, 200], [dw.sum(reference), dw.sum(current), true], [2e6, 2e6]];
    if (Number.isInteger(each) && each > 0) sizes.push([each, each]);
    at("noise-rows").replaceChildren(
      ...sizes.map(([n, m, own]) => {
        const { mean, p95 } = dw.noise(bins, n, m);
        const beyond = value > p95;
        const verdict = value === 0 ? "no shift at all"
          : beyond ? `beyond chance: ${value / p95 < 10 ? number(value / p95, 1) : count(value / p95)} times the noise band` : "within chance: no evidence of a shift";
        // Two digits that say something, however small the band.
        const digits = p95 > 0 ? Math.max(4, 1 - Math.floor(Math.log10(p95))) : 4;
        return el("tr", own ? { class: "chosen" } : {},
          el("td", { "data-label": "Rows" }, el("span", {}, n === m ? `${count(n)} each ` : `${count(n)} and ${count(m)} `,
            own ? el("span", { class: "tag" }, "these windows") : "")),
          el("td", { class: "right number", "data-label": "PSI" }, apart(value, bounds)),
          el("td", { class: "right number", "data-label": "By chance, average" }, number(mean, digits)),
          el("td", { class: "right number", "data-label": "By chance, 95%" }, number(p95, digits)),
          el("td", { "data-label": "So it is" }, el("span", { class: "outcome wraps" },
            el("i", { "aria-hidden": "true" }, beyond ? "▲" : "≈"), ` ${verdict}`)));
      }),
    );
  }

  function pValue(p) {
    return p < 1e-12 ? "p < 1e-12" : p < 0.001 ? `p = ${p.toExponential(1)}` : `p = ${number(p, 3)}`;
  }

  function measureTable() {
    const P = dw.shares(reference);
    const Q = dw.shares(current);
    const resized = (n) => [P.map((share) => share * n), Q.map((share) => share * n)];
    const windows = [resized(200), [reference, current], resized(2e6)];
    const ordered = feature.kind === "numeric";
    const chi = (w) => { const t = dw.chiSquared(...w); return `${number(t.statistic, t.statistic < 100 ? 2 : 0)}, ${pValue(t.p)}`; };
    const ks = (w) => { const t = dw.kolmogorovSmirnov(...w); return `${number(t.statistic, 3)}, ${pValue(t.p)}`; };
    const most = number(dw.totalVariation(reference, current), 3);
    const measures = [
      ["PSI", (w) => number(dw.psi(...w), 4), "How far did it move? Symmetric, finite, exact by bin; the same at any number of rows.", true],
      ["KL, current from reference", (w) => number(dw.kl(w[1], w[0]), 4), "How surprising is today to one who expects the reference? Infinite as soon as a value is new, so a smoothing rule decides the answer."],
      ["KL, reference from current", (w) => number(dw.kl(w[0], w[1]), 4), "The same the other way round, and another number: one must choose. PSI adds both."],
      ["Jensen-Shannon", (w) => number(dw.jensenShannon(...w), 4), "Both against their mean: always finite, at most ln 2 = 0.693. Sound, but without agreed bands, and flat where a shift is large."],
      ["Chi-squared", chi, `Could chance alone do this? ${dw.binsInUse(reference, current) - 1} degrees of freedom. Grows with the rows: at two million a shift of no importance is certain, at 200 one that matters can pass unseen.`],
      ["Kolmogorov-Smirnov", ks, ordered
        ? "The largest gap between the cumulative shares. Made for ordered, continuous values: on bins its p is too large, and it misses a shift that keeps the middle."
        : `Needs an order, and categories have none: ${number(dw.kolmogorovSmirnov(reference, current).statistic, 3)} in this order of the bins, up to ${most} in another.`],
    ];
    at("measure-rows").replaceChildren(
      ...measures.map(([title, measure, text, own]) => el("tr", own ? { class: "chosen" } : {},
        el("th", { scope: "row", "data-label": "Measure" }, title),
        ...windows.map((w, i) => el("td", { class: "right number", "data-label": ["200 rows each", "This window", "2,000,000 each"][i] }, measure(w))),
        el("td", { class: "wide", "data-label": "It asks" }, text))),
    );
  }

  chips();
  at("bin").addEventListener("change", (event) => choose(Number(event.target.value)));
  at("share").addEventListener("input", slide);
  at("as-run").addEventListener("click", () => start(feature.bins.map((bin) => bin.current)));
  at("as-reference").addEventListener("click", () => start(feature.bins.map((bin) => bin.reference)));
  at("rows-each").addEventListener("input", () => refresh());
  document.querySelectorAll("button.more").forEach((button) => button.addEventListener("click", unfold));
  window.addEventListener("beforeprint", unfold);
  pick(0);
})();
