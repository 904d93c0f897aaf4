// Draws each chart when it comes into view. Without this script the tables hold the same numbers.
(function () {
  "use strict";
  var specs = JSON.parse(document.getElementById("specs").textContent);
  var NARROW = 520;

  function letterWidth(font) {
    var pen = document.createElement("canvas").getContext("2d");
    pen.font = "12px " + font;
    return pen.measureText("abcdefghijklmnopqrstuvwxyz_0").width / 28;
  }

  function fitted(spec, width, labels) {
    (spec.layer || []).forEach(function (layer) {
      if (layer.mark.limit) layer.mark.limit = Math.round(width * 0.5); // words in the place of a mark
    });
    if (width >= NARROW) return spec;
    var copy = JSON.parse(JSON.stringify(spec));
    if (copy.layer) {
      copy.layer = copy.layer.filter(function (layer) {
        return !(layer.name || "").startsWith("wide-only");
      });
    }
    var axis = copy.config.axisY;
    var room = Math.round(width * labels);
    // The first number of the expression is how many letters are kept. Those kept may be wider than most.
    axis.labelExpr = axis.labelExpr.replace(/\d+/, Math.floor(room / letterWidth(copy.config.font)));
    axis.labelLimit = room + 24;
    (copy.layer || []).forEach(function (layer) {
      var own = ((layer.encoding || {}).y || {}).axis;
      if (own) { delete own.labelLimit; delete own.labelExpr; }
    });
    copy.config.legend.columns = 2;
    copy.config.axisX.labelFontSize = 10;
    copy.config.axisX.tickCount = 3;
    return copy;
  }

  function draw(figure) {
    var target = figure.querySelector(".plot");
    var width = target.clientWidth;
    var narrow = width < NARROW;
    if (!width || figure.dataset.drawn === String(narrow)) return;
    figure.dataset.drawn = String(narrow);
    // `ast` evaluates expressions without eval, which the page's policy forbids.
    var name = figure.dataset.chart;
    // Four headings over the matrix of checks, and the PSIs beside their bars, need the room.
    vegaEmbed(target, fitted(specs[name], width, ["quality", "drift"].includes(name) ? 0.33 : 0.45), {
      actions: false,
      ast: true,
      renderer: "svg",
      logLevel: 1, // errors: Vega-Lite warns of every chart whose height follows its rows
      tooltip: { disableDefaultStyle: true },
    }).catch(function (error) {
      target.textContent = "This chart could not be drawn: " + error.message;
    });
  }

  var figures = Array.prototype.slice.call(document.querySelectorAll("figure[data-chart]"));
  if ("ResizeObserver" in window) {
    // Also fires when a closed <details> opens, since its charts then get a width.
    var watch = new ResizeObserver(function (entries) {
      // Later: drawing inside the observer would resize what it observes.
      setTimeout(function () {
        entries.forEach(function (entry) {
          draw(entry.target.closest("figure"));
        });
      }, 0);
    });
    figures.forEach(function (figure) {
      watch.observe(figure.querySelector(".plot"));
    });
  } else {
    figures.forEach(draw);
  }

  // A page within the report is drawn when it is first opened, and is as high as it says.
  var inner = document.getElementById("inner");
  var pages = inner ? JSON.parse(inner.textContent) : [];
  document.querySelectorAll("details[data-page]").forEach(function (details) {
    details.addEventListener("toggle", function () {
      if (!details.open || details.querySelector("iframe")) return;
      var frame = document.createElement("iframe");
      frame.title = details.querySelector("summary").textContent;
      frame.setAttribute("sandbox", "allow-scripts");
      frame.srcdoc = pages[Number(details.dataset.page)];
      window.addEventListener("message", function (event) {
        var height = Number((event.data || {}).dawnwatchHeight);
        // At least an inch and at most what no page of ours exceeds: the frame's word is not trusted further.
        if (event.source === frame.contentWindow && height > 0) {
          frame.style.height = Math.min(Math.max(height + 4, 96), 60000) + "px";
        }
      });
      details.append(frame);
    });
  });

  // report.html#explainer-drift leads to that page, opened. Charts above a target are drawn after the browser went
  // there and push it away, so it is held in sight until the reader does anything.
  var aim = null;
  function land() {
    if (aim) aim.scrollIntoView({ behavior: "instant", block: "start" });
  }
  function openTarget() {
    aim = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    // Else a reload goes back to where the page was left before its charts were drawn.
    if (aim) history.scrollRestoration = "manual";
    for (var node = aim; node; node = node.parentElement) {
      if (node.matches("details")) node.open = true;
    }
    land();
  }
  ["wheel", "touchmove", "pointerdown", "keydown"].forEach(function (name) {
    window.addEventListener(name, function () { aim = null; }, { capture: true, passive: true });
  });
  window.addEventListener("hashchange", openTarget);
  window.addEventListener("load", land);
  if ("ResizeObserver" in window) new ResizeObserver(land).observe(document.body);
  openTarget();

  function openAll(which) {
    document.querySelectorAll("details:not([data-page])" + which).forEach(function (details) {
      details.open = true;
    });
    figures.forEach(draw);
  }
  // Paper has no room for what is folded because nothing happened: its line says how many those are.
  window.addEventListener("beforeprint", function () { openAll(":not(.quiet, .quiet *)"); });
  var button = document.getElementById("open-all");
  button.hidden = false;
  button.addEventListener("click", function () { openAll(""); });
})();
