// The playbook: evaluates the run's own severity table on the facts chosen, and lights the path through it.
(function () {
  "use strict";
  const dw = window.dawnwatch;
  const { data } = dw;
  const at = (id) => document.getElementById(id);
  const items = [...document.querySelectorAll(".rule")];
  const SIGN = { critical: "■", high: "▲", medium: "◆", low: "●" };
  let facts = new Set(data.facts);

  function showFacts(names) {
    facts = new Set(names);
    const fired = dw.firstRule(data.policy, facts);
    const last = data.policy.indexOf(fired);
    items.forEach((item, i) => {
      item.classList.toggle("fired", i === last);
      item.classList.toggle("passed-by", i < last);
      item.classList.toggle("not-asked", i > last);
      if (i === last) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      item.querySelector(".asked").textContent = i < last ? "✗ no" : i === last ? "✓ yes" : "not asked";
    });
    document.querySelectorAll("[data-fact]").forEach((mark) => {
      const holds = facts.has(mark.dataset.fact);
      // The sign says whether that is as the rule wants it.
      const wanted = holds !== mark.hasAttribute("data-not");
      mark.textContent = `${wanted ? "✓" : "✗"} ${holds ? "holds" : "does not"}:`;
    });
    const own = facts.size === data.facts.length && data.facts.every((fact) => facts.has(fact));
    at("path").textContent = `${own ? "In this run" : "With your inputs"}: ${last === 0 ? "the first rule holds" : `${last} ${last === 1 ? "rule does" : "rules do"} not hold, then the next one does`}: ${fired.name}, ${fired.severity}.`;
    at("severity").textContent = `${SIGN[fired.severity]} ${fired.severity}`;
    at("severity").className = `badge severity-${fired.severity}`;
    at("rule").textContent = fired.name;
    const due = items[last].querySelector(".answer .muted").textContent;
    at("due").textContent = fired.sla_hours === null ? "Nothing is due." : `Due within ${due}.`;
    const decided = dw.firstRule(data.verdicts, facts);
    document.querySelectorAll("[data-verdict]").forEach((row) => {
      const chosen = row.dataset.verdict === decided.verdict;
      row.classList.toggle("chosen", chosen);
      row.querySelector(".here").hidden = !chosen;
      if (chosen) at("verdict").textContent = `Decision: ${row.querySelector("th").firstChild.textContent.trim()}, because of ${decided.name}.`;
    });
    document.querySelectorAll("[data-row]").forEach((row) => {
      row.classList.toggle("chosen", row.dataset.row === decided.name);
      row.querySelector(".here").hidden = row.dataset.row !== decided.name;
    });
    document.querySelectorAll(".card").forEach((card) => card.classList.toggle("chosen", card.dataset.severity === fired.severity));
    inputs();
  }

  // Show the facts in the inputs: of each input the last choice whose facts hold.
  function inputs() {
    document.querySelectorAll("[data-input]").forEach((select) => {
      const choices = data.inputs[select.dataset.input];
      select.selectedIndex = choices.reduce((found, made, i) => (made.length && made.every((fact) => facts.has(fact)) ? i : found), 0);
    });
    document.querySelectorAll("[data-further]").forEach((box) => { box.checked = facts.has(box.dataset.further); });
  }

  function choose(select) {
    const choices = data.inputs[select.dataset.input];
    const next = new Set(facts);
    choices.flat().forEach((fact) => next.delete(fact));
    choices[select.selectedIndex].forEach((fact) => next.add(fact));
    showFacts(next);
  }

  Object.assign(dw, { showFacts });
  if (!data.policy.length) return;

  document.querySelectorAll("[data-input]").forEach((select) => select.addEventListener("change", () => choose(select)));
  document.querySelectorAll("[data-further]").forEach((box) => box.addEventListener("change", () => {
    const next = new Set(facts);
    if (box.checked) next.add(box.dataset.further);
    else next.delete(box.dataset.further);
    showFacts(next);
  }));
  at("as-run").addEventListener("click", () => showFacts(data.facts));
  at("calculator").addEventListener("submit", (event) => event.preventDefault());
  items.forEach((item) => {
    const button = item.querySelector(".node");
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!open));
      at(button.getAttribute("aria-controls")).hidden = open;
    });
  });
  showFacts(data.facts);
})();
