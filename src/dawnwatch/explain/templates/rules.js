// The severity table and the decision's table, evaluated as triage/severity.py does: the first rule that holds.
(function () {
  "use strict";

  function holds(rule, facts) {
    return (
      rule.all.every((fact) => facts.has(fact)) &&
      (rule.any.length === 0 || rule.any.some((fact) => facts.has(fact))) &&
      !rule.none.some((fact) => facts.has(fact))
    );
  }

  const firstRule = (rules, facts) => rules.find((rule) => holds(rule, new Set(facts)));

  window.dawnwatch = Object.assign(window.dawnwatch || {}, { holds, firstRule });
})();
