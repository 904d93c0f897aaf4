// The pipeline map: a checkpoint opens below the map, or right under itself where the map is one column.
(function () {
  "use strict";
  const { data } = window.dawnwatch;
  const points = [...document.querySelectorAll(".point")];
  const panel = document.getElementById("panel");
  // Of the screen alone: a sheet of paper is as narrow, and there every detail stands below the map.
  const narrow = window.matchMedia("screen and (max-width: 860px)");
  const detail = (button) => document.getElementById(button.getAttribute("aria-controls"));
  let open = null;

  function choose(button) {
    open = button;
    points.forEach((point) => {
      const chosen = point === button;
      point.setAttribute("aria-expanded", String(chosen));
      detail(point).hidden = !chosen;
    });
    place();
  }

  function place() {
    points.forEach((point) => {
      if (narrow.matches && point === open) point.after(detail(point));
      else panel.append(detail(point));
    });
  }

  points.forEach((point) => point.addEventListener("click", () => choose(point === open && narrow.matches ? null : point)));
  narrow.addEventListener("change", place);

  // pipeline-map.html#point-drift-psi leads to that check; without it the gravest is open.
  const named = (id) => points.find((point) => detail(point).id === id);
  const asked = () => named(decodeURIComponent(window.location.hash.slice(1)));
  choose(asked() || named(`point-${data.first}`));
  window.addEventListener("hashchange", () => { if (asked()) choose(asked()); });

  // Paper has room for everything and nothing to click.
  window.addEventListener("beforeprint", () => {
    points.forEach((point) => { panel.append(detail(point)); detail(point).hidden = false; });
  });
  window.addEventListener("afterprint", () => choose(open));
})();
