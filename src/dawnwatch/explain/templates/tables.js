// What the drift explainer says of a feature's two windows beside its bars: words, the noise band, other measures.
(function () {
  "use strict";
  const dw = window.dawnwatch;
  const { el, number, signed, percent, count, apart } = dw;
  const at = (id) => document.getElementById(id);
  const EXPECTED = 5; // rows a bin should be expected to hold for a chi-squared: the usual rule, after Cochran (1954)

  // The three factors of one bin, in words.
  function inWords({ feature, reference, current, value: total }, chosen, part) {
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

  // At most how many units so many rows hold where each has as many rows as in this run; null where no unit is known.
  function unitsWithin({ bins, noise }, n, m) {
    if (noise.units === null) return null;
    const run = [dw.sum(bins.map((bin) => bin.reference)), dw.sum(bins.map((bin) => bin.current))];
    return noise.units * Math.max(n / run[0], m / run[1]);
  }

  // Two digits that say something, however small the number.
  const small = (x) => number(x, x > 0 ? Math.max(4, 1 - Math.floor(Math.log10(x))) : 4);

  // Whether a PSI is more than chance at n and m rows: a sign and words, and whether the band is known there.
  function judged({ feature, value, asRun }, { p95 }, [n, m, own]) {
    const { noise } = feature;
    const times = `${value / p95 < 10 ? number(value / p95, 1) : count(value / p95)} times the noise band`;
    if (own && asRun && noise.ran) {
      const sign = noise.told === null ? "?" : noise.told ? "▲" : "≈";
      return { sign, words: noise.told && value > p95 ? `${noise.ran}: ${times}` : noise.ran, known: true };
    }
    const units = unitsWithin(feature, n, m);
    if (units !== null && units < noise.least) {
      const words = `cannot be told: with as many rows a ${noise.unit} as here they hold at most ${Math.max(1, Math.ceil(units))} of them, too few to judge (${noise.least} needed)`;
      return { sign: "?", words, known: false };
    }
    if (value === 0) return { sign: "≈", words: "no shift at all", known: true };
    return value > p95 ? { sign: "▲", words: `beyond chance: ${times}`, known: true }
      : { sign: "≈", words: "within chance: no evidence of a shift", known: true };
  }

  // What chance alone does at several numbers of rows.
  function noiseTable(shown, each) {
    const { feature, reference, current, value } = shown;
    const bounds = [feature.yellow, feature.red];
    const bins = dw.binsInUse(reference, current);
    const run = [dw.sum(reference), dw.sum(current), true];
    const others = [[200, 200], [2e6, 2e6], ...(Number.isInteger(each) && each > 0 ? [[each, each]] : [])]
      .filter(([n, m], i, all) => (n !== run[0] || m !== run[1]) && all.findIndex((size) => size[0] === n) === i);
    const sizes = [run, ...others].sort((a, b) => a[0] + a[1] - b[0] - b[1]);
    const effect = feature.noise.effect;
    // Rows that are not independent fill a bin with less evidence than their number.
    const least = ([n, m]) => dw.leastExpected(reference, current, n, m) / Math.max(effect || 1, 1);
    at("noise-units").textContent = feature.noise.text;
    at("noise-units").hidden = !feature.noise.text;
    at("noise-independent").hidden = effect === null;
    let rough = false;
    at("noise-rows").replaceChildren(
      ...sizes.map((size) => {
        const [n, m, own] = size;
        const by = dw.noiseOf(feature.noise, bins, n, m);
        const { sign, words, known } = judged(shown, by, size);
        const few = known && least(size) < EXPECTED;
        rough = rough || (few && !own);
        return el("tr", own ? { class: "chosen" } : {},
          el("td", { "data-label": "Rows" }, el("span", {}, n === m ? `${count(n)} each ` : `${count(n)} and ${count(m)} `,
            own ? el("span", { class: "tag" }, "these windows") : "")),
          el("td", { class: "right number", "data-label": "PSI" }, apart(value, bounds)),
          el("td", { class: "right number", "data-label": "By chance, average" }, known ? small(by.mean) : "not known"),
          el("td", { class: "right number", "data-label": "By chance, 95%" }, known ? small(by.p95) : "not known"),
          ...(effect === null ? [] : [el("td", { class: "right number", "data-label": "If rows were independent" }, small(by.independent))]),
          el("td", { "data-label": "So it is" }, el("span", { class: "outcome wraps" },
            el("i", { "aria-hidden": "true" }, sign), ` ${words}`),
          few ? el("span", { class: "muted rough" }, "roughly: few rows in a bin") : ""));
      }),
    );
    at("noise-rough").textContent = roughly(feature.noise, dw.leastExpected(reference, current, ...run), least(run), rough);
  }

  // Why the band is only rough where a bin holds few rows, and whether that is so in this run.
  function roughly({ effect, units, least, unit }, rows, own, elsewhere) {
    const why = `below ${EXPECTED} the chi-squared is a poor approximation`;
    const worth = effect > 1 ? `, which tell as much as ${number(own, own < 10 ? 1 : 0)} independent ones` : "";
    if (own < EXPECTED) {
      return `These windows are small for their bins: where nothing moved, the rarest bin would hold ${number(rows, 1)} rows in the smaller window${worth}, and ${why}. Take the band and the p-value as an order of magnitude, merge rare bins, or wait for more rows.`;
    }
    const held = `Where nothing moved, the rarest bin would hold ${count(Math.floor(rows))} rows in the smaller of these windows${worth}`;
    if (units !== null && units < least) return `${held}; but ${count(units)} ${unit} values are too few to know the band by (${least} needed).`;
    return `${held}, so the band can be trusted here${elsewhere ? `; ${why}, as it is at the rows marked “roughly”` : ""}.`;
  }

  function pValue(p) {
    return p < 1e-12 ? "p < 1e-12" : p < 0.001 ? `p = ${p.toExponential(1)}` : `p = ${number(p, 3)}`;
  }

  // The same two windows by other measures, at three numbers of rows.
  function measureTable({ feature, reference, current, asRun }) {
    const P = dw.shares(reference);
    const Q = dw.shares(current);
    const resized = (n) => [P.map((share) => share * n), Q.map((share) => share * n)];
    const windows = [resized(200), [reference, current], resized(2e6)];
    const ordered = feature.kind === "numeric";
    const chi = (w) => {
      const t = dw.chiSquared(...w);
      const rough = dw.leastExpected(...w, ...w.map(dw.sum)) < EXPECTED ? " (rough)" : "";
      return [`${number(t.statistic, t.statistic < 100 ? 2 : 0)}, `, `${pValue(t.p)}${rough}`];
    };
    const ks = (w) => { const t = dw.kolmogorovSmirnov(...w); return [`${number(t.statistic, 3)}, `, pValue(t.p)]; };
    // Both p-values take rows as independent, which they are not where a design effect is known.
    const { effect, unit, ran } = feature.noise;
    const mind = effect === null ? "" : ` Its p takes every row as independent, and rows of one ${unit} are not: do not judge by it.${ran && asRun ? ` This run's own test says: ${ran}.` : ""}`;
    const most = number(dw.totalVariation(reference, current), 3);
    const measures = [
      ["PSI", (w) => number(dw.psi(...w), 4), "How far did it move? Symmetric, finite, exact by bin; the same at any number of rows.", true],
      ["KL, current from reference", (w) => number(dw.kl(w[1], w[0]), 4), "How surprising is today to one who expects the reference? Infinite as soon as a value is new, so a smoothing rule decides the answer."],
      ["KL, reference from current", (w) => number(dw.kl(w[0], w[1]), 4), "The same the other way round, and another number: one must choose. PSI adds both."],
      ["Jensen-Shannon", (w) => number(dw.jensenShannon(...w), 4), "Both against their mean: always finite, at most ln 2 = 0.693. Sound, but without agreed bands, and flat where a shift is large."],
      ["Chi-squared", chi, `Could chance alone do this? ${dw.binsInUse(reference, current) - 1} degrees of freedom. Grows with the rows: at two million a shift of no importance is certain, at 200 one that matters can pass unseen. Rough where a bin is expected to hold fewer than ${EXPECTED} rows.${mind}`],
      ["Kolmogorov-Smirnov", ks, ordered
        ? `The largest gap between the cumulative shares. Made for ordered, continuous values: on bins its p is too large where rows are independent, and it misses a shift that keeps the middle.${mind && " Nor are they here."}`
        : `Needs an order, and categories have none: ${number(dw.kolmogorovSmirnov(reference, current).statistic, 3)} in this order of the bins, up to ${most} in another.`],
    ];
    at("measure-rows").replaceChildren(
      ...measures.map(([title, measure, text, own]) => el("tr", own ? { class: "chosen" } : {},
        el("th", { scope: "row", "data-label": "Measure" }, title),
        ...windows.map((w, i) => el("td", { class: "right number", "data-label": ["200 rows each", "This window", "2,000,000 each"][i] },
          el("span", {}, ...[measure(w)].flat().map((part) => el("span", { class: "nowrap" }, part))))),
        el("td", { class: "wide", "data-label": "It asks" }, text))),
    );
  }

  Object.assign(dw, { inWords, noiseTable, measureTable });
})();
