// What all three pages share: small DOM helpers, numbers in words, and what the terms mean on hover and focus.
(function () {
  "use strict";

  const data = JSON.parse(document.getElementById("data").textContent);

  // Text only ever goes in as text: names come from data that nobody vetted.
  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([name, value]) => {
      if (value === null || value === undefined || value === false) return;
      node.setAttribute(name, value === true ? "" : value);
    });
    node.append(...children);
    return node;
  }

  const fixed = (value, digits) => {
    const text = value.toFixed(digits);
    return Number(text) === 0 ? text.replace("-", "") : text;
  };
  const number = (value, digits = 3) => (Number.isFinite(value) ? fixed(value, digits) : "∞");
  const signed = (value, digits = 3) => (Number(fixed(value, digits)) > 0 ? "+" : "") + fixed(value, digits);
  const percent = (value, digits = 1) => `${fixed(value * 100, digits)}%`;
  const count = (value) => Math.round(value).toLocaleString("en-US");
  // Decimals enough that rounding never moves a value onto or across a bound, as numbers.number does in Python.
  function apart(value, bounds, digits = 3) {
    for (let d = digits; d < 7; d += 1) {
      const shown = Number(value.toFixed(d));
      if (bounds.every((bound) => value === bound || (shown !== bound && shown < bound === value < bound))) {
        return fixed(value, d);
      }
    }
    return fixed(value, digits);
  }

  // A tip stays while the pointer or the focus is on its term, and Escape sends it away.
  const tip = el("div", { class: "tip", role: "tooltip", hidden: true });
  document.body.append(tip);
  function show(term) {
    const meaning = document.getElementById(term.getAttribute("aria-describedby"));
    if (!meaning) return;
    tip.textContent = meaning.textContent;
    tip.hidden = false;
    const at = term.getBoundingClientRect();
    const wide = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(at.left, wide - tip.offsetWidth - 8));
    const below = at.bottom + tip.offsetHeight + 14 < window.innerHeight;
    tip.style.left = `${left + window.scrollX}px`;
    tip.style.top = `${(below ? at.bottom + 6 : at.top - tip.offsetHeight - 6) + window.scrollY}px`;
  }
  const hide = () => {
    tip.hidden = true;
  };
  document.querySelectorAll(".term").forEach((term) => {
    term.addEventListener("pointerenter", () => show(term));
    term.addEventListener("focus", () => show(term));
    term.addEventListener("pointerleave", hide);
    term.addEventListener("blur", hide);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });

  // Paper has no tips, so it gets all the words.
  const words = document.querySelector("#words details");
  window.addEventListener("beforeprint", () => {
    if (words) words.open = true;
  });

  // Inside the report a page is as high as what it holds.
  if (window.parent !== window) {
    document.documentElement.classList.add("embedded");
    const tell = () => window.parent.postMessage({ dawnwatchHeight: document.documentElement.offsetHeight }, "*");
    // A frame that is out of sight is not drawn, so it is not observed either.
    window.addEventListener("load", tell);
    new ResizeObserver(tell).observe(document.documentElement);
  }

  window.dawnwatch = Object.assign(window.dawnwatch || {}, { data, el, number, signed, percent, count, apart });
})();
