// Distances between two binned distributions, in nats, as the Python of stats/divergence.py computes PSI.
(function () {
  "use strict";

  // The share that stands for an empty bin: one row in ten thousand.
  const EMPTY_SHARE = 1e-4;

  const sum = (values) => values.reduce((total, value) => total + value, 0);

  function shares(counts) {
    const total = sum(counts);
    if (!(total > 0)) throw new RangeError("shares of no rows are not defined");
    return counts.map((count) => count / total);
  }

  // Shares as the formula takes them: a bin empty in one window only counts as EMPTY_SHARE, never more than its opposite.
  function smoothed(reference, current) {
    const p = shares(reference);
    const q = shares(current);
    if (p.length !== q.length) throw new RangeError("both windows need the same bins");
    return {
      p: p.map((share, i) => (share === 0 && q[i] > 0 ? Math.min(EMPTY_SHARE, q[i]) : share)),
      q: q.map((share, i) => (share === 0 && p[i] > 0 ? Math.min(EMPTY_SHARE, p[i]) : share)),
    };
  }

  function psiParts(reference, current) {
    const { p, q } = smoothed(reference, current);
    return p.map((share, i) => {
      const used = share > 0 && q[i] > 0;
      const direction = used ? q[i] - share : 0;
      const magnitude = used ? Math.log(q[i] / share) : 0;
      return { p: share, q: q[i], direction, magnitude, product: direction * magnitude };
    });
  }

  const psi = (reference, current) => sum(psiParts(reference, current).map((part) => part.product));

  // Kullback-Leibler of `from` relative to `to`; infinite where `to` has an empty bin that `from` uses.
  function kl(from, to) {
    const p = shares(from);
    const q = shares(to);
    return sum(p.map((share, i) => (share === 0 ? 0 : q[i] === 0 ? Infinity : share * Math.log(share / q[i]))));
  }

  function jensenShannon(reference, current) {
    const p = shares(reference);
    const q = shares(current);
    const middle = p.map((share, i) => (share + q[i]) / 2);
    return (kl(p, middle) + kl(q, middle)) / 2;
  }

  const binsInUse = (reference, current) => reference.filter((count, i) => count > 0 || current[i] > 0).length;

  // Two-sample test of homogeneity on the table of counts [2 x bins in use].
  function chiSquared(reference, current) {
    const n = sum(reference);
    const m = sum(current);
    let statistic = 0;
    reference.forEach((count, i) => {
      const both = count + current[i];
      if (both === 0) return;
      const expectedThen = (both * n) / (n + m);
      const expectedNow = (both * m) / (n + m);
      statistic += (count - expectedThen) ** 2 / expectedThen + (current[i] - expectedNow) ** 2 / expectedNow;
    });
    const df = binsInUse(reference, current) - 1;
    return { statistic, df, p: df > 0 ? gammaUpper(df / 2, statistic / 2) : 1 };
  }

  // Largest distance of the cumulative shares in the bins' order, with the limiting p-value (Kolmogorov).
  function kolmogorovSmirnov(reference, current) {
    const p = shares(reference);
    const q = shares(current);
    let apart = 0;
    let statistic = 0;
    p.forEach((share, i) => {
      apart += q[i] - share;
      statistic = Math.max(statistic, Math.abs(apart));
    });
    const n = sum(reference);
    const m = sum(current);
    return { statistic, p: kolmogorov(statistic * Math.sqrt((n * m) / (n + m))) };
  }

  function kolmogorov(x) {
    if (x < 0.2) return 1;
    let total = 0;
    for (let k = 1; k <= 100; k += 1) total += (k % 2 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
    return Math.min(1, Math.max(0, total));
  }

  // Half the sum of the absolute differences: the KS statistic in the order of bins that makes it largest.
  const totalVariation = (reference, current) => {
    const q = shares(current);
    return sum(shares(reference).map((share, i) => Math.abs(q[i] - share))) / 2;
  };

  function gammaLog(x) {
    // Lanczos, g = 7, n = 9; relative error below 1e-14 for x > 0.5.
    const c = [
      0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
      12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];
    if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - gammaLog(1 - x);
    const t = x + 6.5;
    const series = c.slice(1).reduce((total, value, i) => total + value / (x + i), c[0]);
    return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
  }

  // Upper regularised incomplete gamma function: a series below a + 1, Lentz's continued fraction above.
  function gammaUpper(a, x) {
    if (x <= 0) return 1;
    const front = Math.exp(-x + a * Math.log(x) - gammaLog(a));
    if (x < a + 1) {
      let term = 1 / a;
      let total = term;
      for (let n = 1; n < 10000 && term > total * 1e-17; n += 1) {
        term *= x / (a + n);
        total += term;
      }
      return Math.max(0, 1 - front * total);
    }
    let b = x + 1 - a;
    let c = 1e300;
    let d = 1 / b;
    let fraction = d;
    for (let i = 1; i < 10000; i += 1) {
      const an = -i * (i - a);
      b += 2;
      d = 1 / (an * d + b);
      c = b + an / c;
      fraction *= c * d;
      if (Math.abs(c * d - 1) < 1e-15) break;
    }
    return front * fraction;
  }

  function chiSquaredQuantile(probability, df) {
    let low = 0;
    let high = df + 20 * Math.sqrt(2 * df) + 20;
    for (let i = 0; i < 200; i += 1) {
      const middle = (low + high) / 2;
      if (1 - gammaUpper(df / 2, middle / 2) < probability) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  // What PSI is by chance where nothing moved: about a chi-squared with bins - 1 degrees of freedom times 1/n + 1/m.
  function noise(bins, n, m) {
    const df = bins - 1;
    const scale = 1 / n + 1 / m;
    return { mean: df * scale, p95: df > 0 ? chiSquaredQuantile(0.95, df) * scale : 0 };
  }

  // The same as this run knows it. `effect` and `stretch` are null where rows are independent: the design effect, and how
  // many times the mean the 95% point is. Without the latter it is chi-squared's (Rao and Scott's first-order correction).
  function noiseOf({ effect, stretch }, bins, n, m) {
    const independent = noise(bins, n, m);
    if (effect === null) return { ...independent, independent: null };
    const mean = independent.mean * effect;
    return { mean, p95: stretch === null ? independent.p95 * effect : mean * stretch, independent: independent.p95 };
  }

  // The smallest number of rows that any bin in use is expected to hold in a window of n or m rows where nothing moved.
  function leastExpected(reference, current, n, m) {
    const P = shares(reference);
    const Q = shares(current);
    const pooled = P.map((p, i) => (n * p + m * Q[i]) / (n + m)).filter((share) => share > 0);
    return Math.min(n, m) * Math.min(...pooled);
  }

  const band = (value, yellow, red) => (value >= red ? "RED" : value >= yellow ? "YELLOW" : "GREEN");

  // Whole rows that come nearest to the shares and add up to `total`: the largest remainders are rounded up.
  function wholeRows(parts, total) {
    const rows = parts.map((share) => Math.floor(share * total));
    const order = parts
      .map((share, i) => [share * total - rows[i], i])
      .sort((a, b) => b[0] - a[0] || a[1] - b[1]);
    const missing = Math.round(total - sum(rows));
    for (let i = 0; i < missing; i += 1) rows[order[i % order.length][1]] += 1;
    return rows;
  }

  // Give bin `chosen` a share, and the others what is left in the proportions they had.
  function withShare(counts, chosen, share) {
    const total = sum(counts);
    const others = total - counts[chosen];
    const parts = counts.map((count, i) => {
      if (i === chosen) return share;
      return (1 - share) * (others > 0 ? count / others : 1 / (counts.length - 1));
    });
    return wholeRows(parts, total);
  }

  window.dawnwatch = Object.assign(window.dawnwatch || {}, {
    EMPTY_SHARE, sum, shares, psiParts, psi, kl, jensenShannon, chiSquared, kolmogorovSmirnov, totalVariation,
    chiSquaredQuantile, noise, noiseOf, leastExpected, band, binsInUse, withShare,
  });
})();
