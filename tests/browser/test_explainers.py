"""The three explainers in a real browser: their numbers are Python's, and mouse and keyboard both work them."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dawnwatch.config.policy import DEFAULT_RULES, FACTS, PolicyRule
from dawnwatch.explain.example import example
from dawnwatch.explain.in_words import in_words
from dawnwatch.explain.pages import PAGES, inside_report, page
from dawnwatch.explain.pipeline import checkpoints
from dawnwatch.model.certainty import certainty
from dawnwatch.model.enums import Outcome, Pillar, Severity
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.html import to_html
from dawnwatch.stats.divergence import EMPTY_SHARE, psi, psi_contributions
from dawnwatch.triage.severity import first_rule
from tests.explain.packets import VARIANTS, with_policy
from tests.report import sample_packet

PHONE, WIDE = 390, 1600


@pytest.fixture
def drift(show: Callable[..., Any]) -> Any:
    return show(page("drift", example()))


def tables(count: int) -> list[tuple[list[int], list[int]]]:
    """Pairs of windows of 2 to 60 bins, from ten rows to a billion, with bins empty in one, both or neither."""
    rng = np.random.default_rng(20)
    found = []
    while len(found) < count:
        bins = int(rng.integers(2, 60))
        p, q = (rng.dirichlet(np.full(bins, 0.3)) for _ in range(2))
        a, b = rng.multinomial(int(10 ** rng.uniform(1, 9)), p), rng.multinomial(int(10 ** rng.uniform(1, 9)), q)
        found.append((a.tolist(), b.tolist()))
    assert sum(0 in a or 0 in b for a, b in found) > count / 3
    assert sum(any(x == y == 0 for x, y in zip(a, b, strict=True)) for a, b in found) > count / 10
    return found


def test_psi_is_pythons_to_1e_12_on_100_random_tables(drift: Any) -> None:
    given = tables(100)
    computed = drift.evaluate(
        "tables => tables.map(([a, b]) => [dawnwatch.psi(a, b), dawnwatch.psiParts(a, b).map(part => part.product)])",
        given,
    )
    for (reference, current), (value, parts) in zip(given, computed, strict=True):
        assert value == pytest.approx(psi(reference, current), abs=1e-12, rel=0)
        assert parts == pytest.approx(psi_contributions(reference, current).tolist(), abs=1e-12, rel=0)
    assert drift.evaluate("dawnwatch.EMPTY_SHARE") == EMPTY_SHARE


def test_the_measures_beside_psi_are_scipys(drift: Any) -> None:
    from scipy import special, stats
    from scipy.spatial.distance import jensenshannon

    given = [(a, b) for a, b in tables(60) if len(a) > 2]
    computed = drift.evaluate(
        """tables => tables.map(([a, b]) => {
          const dw = dawnwatch, finite = (x) => (Number.isFinite(x) ? x : null);
          const noise = dw.noise(a.length, 200, 300);
          const least = dw.leastExpected(a, b, dw.sum(a), dw.sum(b));
          return { least, forth: finite(dw.kl(b, a)), back: finite(dw.kl(a, b)), js: dw.jensenShannon(a, b),
                   chi: dw.chiSquared(a, b), ks: dw.kolmogorovSmirnov(a, b), tv: dw.totalVariation(a, b), noise };
        })""",
        given,
    )
    for (a, b), got in zip(given, computed, strict=True):
        p, q = np.array(a) / sum(a), np.array(b) / sum(b)
        for name, value in (("forth", stats.entropy(q, p)), ("back", stats.entropy(p, q))):
            assert got[name] == (None if np.isinf(value) else pytest.approx(value, abs=1e-10))
        assert got["js"] == pytest.approx(jensenshannon(p, q) ** 2, abs=1e-10)
        assert got["tv"] == pytest.approx(np.abs(p - q).sum() / 2, abs=1e-12)
        used = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x or y]
        test = stats.chi2_contingency([[a[i] for i in used], [b[i] for i in used]], correction=False)
        assert got["chi"]["statistic"] == pytest.approx(test.statistic, rel=1e-9)
        assert got["chi"]["df"] == test.dof
        assert got["least"] == pytest.approx(test.expected_freq.min(), rel=1e-9)
        assert got["chi"]["p"] == pytest.approx(test.pvalue, rel=1e-8, abs=1e-300)
        gap = np.abs(np.cumsum(q - p)).max()
        assert got["ks"]["statistic"] == pytest.approx(gap, abs=1e-12)
        scale = np.sqrt(sum(a) * sum(b) / (sum(a) + sum(b)))
        assert got["ks"]["p"] == pytest.approx(special.kolmogorov(gap * scale), abs=1e-10)
        df, scale = len(a) - 1, 1 / 200 + 1 / 300
        assert got["noise"]["mean"] == pytest.approx(df * scale, rel=1e-12)
        assert got["noise"]["p95"] == pytest.approx(stats.chi2.ppf(0.95, df) * scale, rel=1e-9)


def test_the_noise_band_holds_what_chance_does(drift: Any) -> None:
    """Simulated: where nothing moved, PSI stays below the band about nineteen times in twenty."""
    rng = np.random.default_rng(5)
    shares, n, m = [0.4, 0.3, 0.2, 0.1], 4_000, 2_000
    got = drift.evaluate("([k, n, m]) => dawnwatch.noise(k, n, m)", [len(shares), n, m])
    by_chance = np.array([psi(rng.multinomial(n, shares), rng.multinomial(m, shares)) for _ in range(4_000)])
    assert by_chance.mean() == pytest.approx(got["mean"], rel=0.06)
    assert (by_chance < got["p95"]).mean() == pytest.approx(0.95, abs=0.012)


def independent(rows: int | None = None) -> TriagePacket:
    """The worked example as if no unit were known; with `rows`, so few that bins hold next to none."""
    packet = example()
    features = []
    for feature in packet.drift.features:
        then, now = (feature.reference_rows, feature.current_rows) if rows is None else (rows, rows)
        mean = (len(feature.bins) - 1) * (1 / then + 1 / now)
        changed = {"reference_rows": then, "current_rows": now, "by_chance": mean, "significance": None}
        features.append(feature.model_copy(update=changed))
    return packet.model_copy(update={"drift": packet.drift.model_copy(update={"features": features})})


def noise_row(tab: Any, which: str) -> dict[str, str]:
    """Return the cells of one row of the noise table, by what they are labelled."""
    cells = tab.locator(f"#noise-rows tr{which} td").evaluate_all("x => x.map(td => [td.dataset.label, td.innerText])")
    return dict(cells)


def test_the_page_and_the_terminals_explanation_tell_the_same_of_chance(drift: Any) -> None:
    """What `[e]` says of hour_bucket is what the linked page shows: its noise between riders, and the test's answer."""
    packet = example()
    feature = packet.drift.features[0]
    told = " ".join(in_words(packet, Pillar.DRIFT))
    row = noise_row(drift, ".chosen")
    mean, limit = float(row["By chance, average"]), float(row["By chance, 95%"])
    assert f"Chance alone would give about {mean:.2g} with so many rows, and below {limit:.2g} 19 times in 20" in told
    assert [mean, limit] == pytest.approx([feature.by_chance, feature.by_chance_limit], abs=5e-5)
    assert "design effect 88" in told
    assert "88 times as much as it would independent rows" in drift.locator("#noise-units").inner_text()
    assert certainty(feature.significance) in told
    assert certainty(feature.significance) in row["So it is"]
    assert f"{(feature.psi or 0) / (feature.by_chance_limit or 1):.0f} times the noise band" in row["So it is"]
    # What it would be were rows independent stands beside it, named so.
    assert float(row["If rows were independent"]) < limit / 50
    assert drift.locator("#noise-independent").inner_text() == "If every row were independent (95%)"


def test_other_numbers_of_rows_hold_as_many_rows_a_unit(drift: Any) -> None:
    few = noise_row(drift, ":first-child")
    assert few["Rows"].strip() == "200 each"
    assert few["By chance, average"] == few["By chance, 95%"] == "not known"
    assert "cannot be told" in few["So it is"]
    assert "at most 3 of them, too few to judge (50 needed)" in few["So it is"]
    many = noise_row(drift, ":last-child")
    assert many["Rows"].strip() == "2,000,000 each"
    feature = example().drift.features[0]
    rows = (1 / feature.reference_rows + 1 / feature.current_rows) / (2 / 2_000_000)
    assert float(many["By chance, 95%"]) == pytest.approx((feature.by_chance_limit or 0) / rows, abs=5e-6)
    # So many rows hold riders enough to judge.
    drift.fill("#rows-each", "120000")
    assert "beyond chance" in noise_row(drift, ":nth-child(4)")["So it is"]
    drift.click("#as-reference")
    assert "no shift at all" in noise_row(drift, ".chosen")["So it is"]


def test_a_shift_within_noise_is_never_called_beyond_chance(show: Callable[..., Any]) -> None:
    """A PSI above the 95% point may be within the run's error budget: then the page says what the run said."""
    packet = example()
    first, *others = packet.drift.features
    assert first.significance is not None
    test = first.significance.model_copy(update={"significant": False, "p_value": 0.02})
    first = first.model_copy(update={"significance": test})
    changed = packet.drift.model_copy(update={"features": [first, *others]})
    row = noise_row(show(page("drift", packet.model_copy(update={"drift": changed}))), ".chosen")
    assert row["So it is"].strip() == "≈ within noise (p = 0.02, and only below 0.0017 counts)"


def test_the_noise_table_goes_by_rows_and_says_where_it_is_rough(show: Callable[..., Any]) -> None:
    def sizes(tab: Any) -> list[int]:
        said = tab.locator("#noise-rows td[data-label=Rows]").all_inner_texts()
        return [int(re.match(r"[\d,]+", text)[0].replace(",", "")) for text in said]  # type: ignore[index]

    first = example().drift.features[0]
    drift = show(page("drift", independent()))
    assert sizes(drift) == sorted([200, 2_000, first.reference_rows, 2_000_000])
    drift.fill("#rows-each", "5000000")
    assert sizes(drift) == [200, first.reference_rows, 2_000_000, 5_000_000]
    drift.fill("#rows-each", "200")
    assert sizes(drift) == [200, first.reference_rows, 2_000_000], "no size twice"
    assert "the band can be trusted here" in drift.locator("#noise-rough").inner_text()
    assert drift.locator("#noise-rows .rough").count() == 0
    drift.fill("#rows-each", "20")
    assert drift.locator("#noise-rows tr").first.locator(".rough").is_visible()
    assert "as it is at the rows marked" in drift.locator("#noise-rough").inner_text()

    tab = show(page("drift", independent(24)))
    assert "These windows are small for their bins" in tab.locator("#noise-rough").inner_text()
    assert "below 5 the chi-squared is a poor approximation" in tab.locator("#noise-rough").inner_text()
    assert sizes(tab)[0] < 30
    assert tab.locator("#noise-rows tr.chosen .rough").is_visible()
    chi = tab.locator("#measure-rows tr", has_text="Chi-squared").locator("td").all_inner_texts()
    assert ["(rough)" in text for text in chi[:3]] == [False, True, False]


def pick(tab: Any, feature: str) -> None:
    tab.locator(f".chip:has-text('{feature}')").click()


def slide(tab: Any, bin_name: str, percent: float) -> None:
    tab.select_option("#bin", label=bin_name)
    tab.locator("#share").fill(str(percent))


def test_every_feature_can_be_picked_and_shows_its_psi(drift: Any) -> None:
    for feature in example().drift.features:
        pick(drift, feature.name)
        assert drift.locator("#psi").inner_text() == f"{feature.psi:.3f}"
        assert drift.locator("#rows tr").count() == len(feature.bins)
        assert drift.locator("#band").inner_text() == f"✗ {feature.band}"


def test_mobile_from_33_to_60_percent_turns_red(drift: Any) -> None:
    pick(drift, "device_type")
    drift.click("#as-reference")
    assert drift.locator("#psi").inner_text() == "0.000"
    assert "GREEN" in drift.locator("#band").inner_text()
    slide(drift, "mobile", 60)
    assert "RED" in drift.locator("#band").inner_text()
    assert float(drift.locator("#psi").inner_text()) == pytest.approx(0.29, abs=0.01)
    shares = drift.locator("#rows tr td[data-label='P cur']").all_inner_texts()
    assert sorted(float(s) for s in shares) == pytest.approx([0.2, 0.2, 0.6], abs=0.005), "the others re-normalised"
    slide(drift, "mobile", 50)
    assert "YELLOW" in drift.locator("#band").inner_text()
    assert drift.locator("#share").get_attribute("aria-valuetext").endswith("YELLOW")


def test_every_share_of_the_slider_keeps_the_rows(drift: Any) -> None:
    pick(drift, "hour_bucket")
    for percent in (0, 0.1, 33.3, 99.9, 100):
        slide(drift, "night", percent)
        rows = drift.locator("#rows input[aria-label^='Rows in the current']").evaluate_all("x => x.map(i => +i.value)")
        assert sum(rows) == 30_000
        assert re.fullmatch(r"\d+\.\d{3,6}", drift.locator("#psi").inner_text())


def test_edited_counts_give_pythons_psi(drift: Any) -> None:
    pick(drift, "device_type")
    counts = {"reference": [100, 0, 300], "current": [50, 60, 290]}
    for window, values in counts.items():
        which = "reference" if window == "reference" else "current window"
        for box, value in zip(
            drift.locator(f"#rows input[aria-label^='Rows in the {which}']").all(), values, strict=True
        ):
            box.fill(str(value))
    expected = psi(counts["reference"], counts["current"])
    assert drift.evaluate("document.querySelector('#sum').textContent").startswith(f"{expected:.3f}")
    parts = drift.locator("#rows td[data-label='Product']").all_inner_texts()
    assert [float(p) for p in parts] == pytest.approx(
        psi_contributions(counts["reference"], counts["current"]).tolist(), abs=6e-5
    )
    drift.locator("#rows tr").nth(1).locator("button").click()
    assert "one row in ten thousand" in drift.locator("#words-of-bin").inner_text()


@pytest.mark.parametrize("wrong", ["-3", "", "1.5"])
def test_a_count_that_is_none_is_said_and_changes_nothing(drift: Any, wrong: str) -> None:
    before = drift.locator("#psi").inner_text()
    box = drift.locator("#rows input").first
    box.fill(wrong)
    assert drift.locator("#fault").is_visible()
    assert "whole number" in drift.locator("#fault").inner_text()
    assert box.get_attribute("aria-invalid") == "true"
    assert drift.locator("#psi").inner_text() == before
    drift.click("#as-run")
    assert not drift.locator("#fault").is_visible()


def test_a_window_without_rows_is_refused(drift: Any) -> None:
    pick(drift, "device_type")
    for box in drift.locator("#rows input[aria-label^='Rows in the current']").all():
        box.fill("0")
    assert "at least one row" in drift.locator("#fault").inner_text()
    assert "NaN" not in drift.locator("main").inner_text()


def test_the_words_of_a_bin_are_its_numbers(drift: Any) -> None:
    pick(drift, "device_type")
    drift.locator("#rows button", has_text="mobile").click()
    words = drift.locator("#words-of-bin").inner_text()
    mobile = next(b for f in example().drift.features for b in f.bins if b.bin == "mobile")
    assert f"+{mobile.current - mobile.reference:.4f}" in words
    assert f"+{np.log(mobile.current / mobile.reference):.4f}" in words
    assert f"= {mobile.contribution:.4f}" in words


def test_a_feature_of_many_bins_folds_them_and_unfolds(show: Callable[..., Any]) -> None:
    packet = example()
    feature = packet.drift.features[0]
    shares = [
        feature.bins[0].model_copy(update={"bin": f"route {i}", "reference": 1 / 50, "current": (i + 1) / 1275})
        for i in range(50)
    ]
    drift = packet.drift.model_copy(update={"features": [feature.model_copy(update={"bins": shares})]})
    tab = show(page("drift", packet.model_copy(update={"drift": drift})))
    assert tab.locator("#rows tr:visible").count() == 12
    tab.locator("#calculator .more").click()
    assert tab.locator("#rows tr:visible").count() == 50


# ── The playbook ─────────────────────────────────────────────────────────────────────────────────────────────────────


def random_rules(rng: random.Random) -> list[PolicyRule]:
    facts = list(FACTS)
    rules = [
        PolicyRule(
            name=f"rule {i}",
            severity=rng.choice(list(Severity)),
            all=rng.sample(facts, rng.randint(1, 2)),
            any=rng.sample(facts, rng.randint(0, 3)),
            none=rng.sample(facts, rng.randint(0, 2)),
        )
        for i in range(rng.randint(1, 8))
    ]
    return [*rules, PolicyRule(name="the rest", severity=Severity.LOW)]


def test_this_runs_path_is_lit(show: Callable[..., Any]) -> None:
    packet = example()
    tab = show(page("playbook", packet))
    assert tab.locator("[aria-current=step]").get_attribute("data-rule") == packet.rule
    assert tab.locator("#severity").inner_text().lower().endswith(packet.severity.value)
    assert tab.locator("tr.chosen[data-verdict]").get_attribute("data-verdict") == packet.decision.verdict
    assert tab.locator(".card.chosen").get_attribute("data-severity") == packet.severity.value
    assert [tab.locator(f"#in-{name}").input_value() for name in ("quality", "drift", "performance")] == [
        "passed",
        "RED",
        "degraded",
    ]


def test_the_path_is_pythons_first_rule_for_random_tables_and_facts(show: Callable[..., Any]) -> None:
    rng = random.Random(11)
    seen = set()
    for rules in [DEFAULT_RULES, *(random_rules(rng) for _ in range(6))]:
        tab = show(page("playbook", with_policy(example(), rules, ())))
        assert tab.locator("[aria-current=step]").get_attribute("data-rule") == first_rule(rules, frozenset()).name
        given = [rng.sample(list(FACTS), rng.randint(0, len(FACTS))) for _ in range(40)]
        for facts, lit in zip(given, tab.evaluate(LIT, given), strict=True):
            fired = first_rule(rules, frozenset(facts))
            assert lit["rules"] == [fired.name]
            assert lit["asked"] == "✓ yes"
            assert lit["before"] == [r.name for r in rules].index(fired.name)
            assert fired.severity.value in lit["path"]
            seen.add(fired.name)
    assert len(seen) > 10


LIT = """given => given.map((facts) => {
  dawnwatch.showFacts(facts);
  const lit = [...document.querySelectorAll('[aria-current=step]')];
  return { rules: lit.map((item) => item.dataset.rule), asked: lit[0].querySelector('.asked').textContent,
    before: document.querySelectorAll('.passed-by').length, path: document.getElementById('path').textContent };
})"""


@pytest.mark.parametrize(
    ("quality", "drift", "performance", "severity", "rule", "verdict"),
    [
        ("passed", "GREEN", "within tolerance", "low", "all_checks_pass", "Wait"),
        ("passed", "RED", "degraded", "critical", "degraded_and_red_drift", "Cannot tell"),
        ("passed", "YELLOW", "degraded", "high", "performance_degraded", "Cannot tell"),
        ("failed", "GREEN", "within tolerance", "medium", "quality_failed", "Fix the pipeline"),
        ("passed", "RED", "not judged, as configured", "high", "red_drift", "Cannot tell"),
        ("passed", "GREEN", "dropped, within noise", "medium", "drop_within_noise", "Wait"),
    ],
)
def test_the_calculator(
    show: Callable[..., Any], quality: str, drift: str, performance: str, severity: str, rule: str, verdict: str
) -> None:
    tab = show(page("playbook", example()))
    for name, value in (("quality", quality), ("drift", drift), ("performance", performance)):
        tab.select_option(f"#in-{name}", label=value)
    assert tab.locator("#severity").inner_text().lower().endswith(severity)
    assert tab.locator("#rule").inner_text() == rule
    assert f"Decision: {verdict}" in tab.locator("#verdict").inner_text()
    assert [tab.locator(f"#in-{n}").input_value() for n in ("quality", "drift", "performance")] == [
        quality,
        drift,
        performance,
    ]
    tab.click("#as-run")
    assert tab.locator("#rule").inner_text() == example().rule


def test_a_table_of_ones_own_says_which_of_its_conditions_are_met(show: Callable[..., Any]) -> None:
    rules = [
        PolicyRule(name="night_shift", severity=Severity.MEDIUM, all=["red_drift"], none=["quality_failed"]),
        PolicyRule(name="any_harm", severity=Severity.CRITICAL, any=["quality_failed", "red_drift"]),
        PolicyRule(name="rest", severity=Severity.LOW),
    ]
    tab = show(page("playbook", with_policy(example(), rules)))
    assert tab.locator("[aria-current=step]").get_attribute("data-rule") == "night_shift"
    tab.select_option("#in-quality", label="failed")
    assert tab.locator("[aria-current=step]").get_attribute("data-rule") == "any_harm"
    assert tab.locator("#severity").inner_text().lower().endswith("critical")
    for node in tab.locator(".node").all():
        node.click()
    first, second = (tab.locator(f"#rule-{i} .fact").all_inner_texts() for i in (0, 1))
    assert first == ["✓ holds:", "✗ holds:"], "what must not hold and does is no tick"
    assert second == ["✓ holds:", "✓ holds:"]
    assert tab.locator("#rule-1 dt").all_inner_texts() == ["one must hold", "or", "then"]
    tab.select_option("#in-quality", label="passed")
    assert tab.locator("#rule-0 .fact").all_inner_texts() == ["✓ holds:", "✓ does not:"]


def test_a_further_fact_counts(show: Callable[..., Any]) -> None:
    tab = show(page("playbook", with_policy(example(), facts=())))
    assert tab.locator("#rule").inner_text() == "all_checks_pass"
    tab.get_by_label(FACTS["check_errored"]).check()
    assert tab.locator("#rule").inner_text() == "check_errored"


# ── The map ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_checkpoint_opens_its_own_detail(show: Callable[..., Any]) -> None:
    tab = show(page("pipeline", example()))
    first = next(point for point in checkpoints(example()) if point.outcome is Outcome.FAILED)
    opened = tab.locator(".detail:visible").get_attribute("id")
    assert opened == f"point-{first.name}".translate(str.maketrans("._", "--")), "what failed is open at first"
    buttons = tab.locator(".point").all()
    assert len(buttons) > 12
    for button in buttons:
        button.click()
        assert button.get_attribute("aria-expanded") == "true"
        assert tab.locator(".detail:visible").count() == 1
        assert tab.locator(".detail:visible").get_attribute("id") == button.get_attribute("aria-controls")


def test_a_link_leads_to_a_check(show: Callable[..., Any]) -> None:
    tab = show(page("pipeline", example()))
    tab.goto(f"{tab.url}#point-quality-missing")
    assert tab.locator(".detail:visible").get_attribute("id") == "point-quality-missing"
    tab.reload()
    assert tab.locator(".detail:visible").get_attribute("id") == "point-quality-missing"


def test_on_a_phone_the_detail_opens_under_its_checkpoint(show: Callable[..., Any]) -> None:
    tab = show(page("pipeline", example()), width=PHONE)
    button = tab.locator(".point", has_text="missing")
    button.click()
    gap = tab.evaluate(
        "b => document.getElementById(b.getAttribute('aria-controls')).getBoundingClientRect().top"
        " - b.getBoundingClientRect().bottom",
        button.element_handle(),
    )
    assert 0 <= gap < 40
    button.click()
    assert tab.locator(".detail:visible").count() == 0


# ── All three ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, 1024, WIDE])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways(show: Callable[..., Any], name: str, width: int, scheme: str) -> None:
    for packet in (example(), VARIANTS["many_features"](), VARIANTS["hostile"]()):
        tab = show(page(name, packet), width=width, color_scheme=scheme)
        tab.locator("button.more:visible").first.click() if tab.locator("button.more:visible").count() else None
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("variant", sorted(VARIANTS))
@pytest.mark.parametrize("name", PAGES)
def test_every_kind_of_packet_opens_without_a_fault(show: Callable[..., Any], name: str, variant: str) -> None:
    tab = show(page(name, VARIANTS[variant]()))
    assert "NaN" not in tab.locator("main").inner_text()
    assert "undefined" not in tab.locator("main").inner_text()


@pytest.mark.parametrize("name", PAGES)
def test_whatever_can_be_clicked_can_be_reached_and_named_by_keyboard(show: Callable[..., Any], name: str) -> None:
    tab = show(page(name, example()))
    wanted = tab.evaluate(
        """() => [...document.querySelectorAll('button, select, input, summary, a[href]')]
          .filter((node) => node.checkVisibility() && !(node.type === 'radio' && !node.checked)).length"""
    )
    reached = 0
    for _ in range(200):
        tab.keyboard.press("Tab")
        found = tab.evaluate(
            """() => {
              const node = document.activeElement;
              if (node === document.body) return null;
              const labelled = node.labels && node.labels[0] && node.labels[0].textContent;
              const name = node.getAttribute('aria-label') || labelled || node.textContent;
              return { name: name.trim(), stops: node.matches('button, select, input, summary, a[href], .term'),
                ring: getComputedStyle(node).outlineStyle !== 'none'
                || getComputedStyle(node.parentElement).outlineStyle !== 'none',
                counts: node.matches('button, select, input, summary, a[href]') };
            }"""
        )
        if found is None:
            break
        assert found["name"], "a control without a name"
        assert found["stops"], f"{found['name']!r} takes a Tab and does nothing"
        assert found["ring"], f"focus on {found['name']!r} cannot be seen"
        reached += found["counts"]
    assert reached == wanted > 3


def test_arrows_drawn_for_the_eye_are_not_read_out(show: Callable[..., Any], drift: Any) -> None:
    tab = show(page("pipeline", example()))
    read = tab.locator(".map").aria_snapshot() + tab.locator(".cycle").aria_snapshot()
    assert "quality.missing passed" in read
    assert not set("→↓▴") & set(read)
    assert 'button "night" [pressed]' in drift.locator(".steps").aria_snapshot()


def test_the_drift_explainer_works_by_keyboard_alone(drift: Any) -> None:
    drift.locator("#feature-0").focus()
    drift.keyboard.press("ArrowRight")
    second = example().drift.features[1]
    assert drift.locator("#psi").inner_text() == f"{second.psi:.3f}"
    drift.locator("#share").focus()
    before = drift.locator("#psi").inner_text()
    for _ in range(30):
        drift.keyboard.press("ArrowRight")
    assert drift.locator("#psi").inner_text() != before
    drift.locator("#rows button").first.focus()
    drift.keyboard.press("Enter")
    assert drift.locator("#rows button").first.get_attribute("aria-pressed") == "true"


def test_the_playbook_and_the_map_work_by_keyboard_alone(show: Callable[..., Any]) -> None:
    tab = show(page("playbook", example()))
    tab.locator(".node").nth(2).focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#rule-2").is_visible()
    tab.keyboard.press("Space")
    assert not tab.locator("#rule-2").is_visible()
    tab = show(page("pipeline", example()))
    tab.locator(".point").first.focus()
    tab.keyboard.press("Space")
    assert tab.locator(".point").first.get_attribute("aria-expanded") == "true"


def test_a_term_says_what_it_means_on_focus_and_escape_sends_it_away(drift: Any) -> None:
    from dawnwatch.explain.glossary import TERMS

    drift.locator(".term", has_text="PSI").first.focus()
    assert drift.locator(".tip").inner_text() == TERMS["PSI"]
    drift.keyboard.press("Escape")
    assert not drift.locator(".tip").is_visible()
    drift.locator(".term", has_text="PSI").first.hover()
    assert drift.locator(".tip").is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_paper_shows_everything_in_light_colours(show: Callable[..., Any], name: str) -> None:
    tab = show(page(name, example()), color_scheme="dark")
    tab.emulate_media(media="print")
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(27, 36, 48)"
    if name == "pipeline":
        assert tab.locator(".detail:visible").count() == tab.locator(".detail").count()
    assert tab.locator("#words dd").first.is_visible()
    tab.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 dots an inch
    assert tab.evaluate("document.documentElement.scrollWidth") <= 794
    assert tab.locator(".stage .detail").count() == 0, "a sheet is as narrow as a phone, and no phone"
    assert tab.locator(".by-hand:visible, .controls:visible").count() == 0, "nothing that paper cannot do"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_text_can_be_read_on_its_ground(show: Callable[..., Any], name: str, scheme: str) -> None:
    """WCAG 2.2: a contrast of 4.5 to 1 for text."""
    tab = show(page(name, example()), color_scheme=scheme)
    poor = tab.evaluate(CONTRAST)
    assert not poor, poor[:5]


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const paint = (layers) => {
    canvas.clearRect(0, 0, 1, 1);
    layers.forEach((colour) => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); });
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const poor = [];
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility() || node.closest('.hidden-text, noscript, script, style, option')) continue;
    const layers = [];
    for (let up = node; up; up = up.parentElement) layers.unshift(getComputedStyle(up).backgroundColor);
    const ground = light(paint(['white', ...layers]));
    const ink = light(paint(['white', ...layers, getComputedStyle(node).color]));
    const ratio = (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
    const what = `${node.tagName} ${node.className}: ${node.textContent.trim().slice(0, 40)}`;
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${what}`);
  }
  return poor;
}"""


def test_the_report_opens_the_pages_inside_itself(show: Callable[..., Any]) -> None:
    packet: TriagePacket = example()
    tab = show(to_html(packet, inner=inside_report(packet)))
    assert tab.locator("iframe").count() == 0, "they are drawn when asked for"
    for i in range(3):
        tab.locator("details[data-page] > summary").nth(i).press("Enter")
    tab.wait_for_selector("iframe >> nth=2")
    frames = [frame for frame in tab.frames if frame.parent_frame is not None]
    assert len(frames) == 3
    # Each draws itself once its script has run.
    for frame, drawn in zip(frames, ["#psi:not(:empty)", ".detail:visible", "[aria-current=step]"], strict=True):
        frame.wait_for_selector(drawn)
    assert frames[0].locator("#psi").inner_text() == f"{packet.drift.features[0].psi:.3f}"
    assert frames[1].locator(".detail:visible").count() == 1
    assert frames[2].locator("[aria-current=step]").get_attribute("data-rule") == packet.rule
    # As high as what they hold, so that nothing scrolls within the page.
    for frame, element in zip(frames, tab.locator("iframe").all(), strict=True):
        element.scroll_into_view_if_needed()
        tab.wait_for_function(
            "([frame, inner]) => Math.abs(frame.clientHeight - inner) < 12",
            arg=[element.element_handle(), frame.evaluate("document.documentElement.offsetHeight")],
        )
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1024


def test_a_link_in_the_report_opens_the_page_it_holds(show: Callable[..., Any]) -> None:
    tab = show(to_html(example(), inner=inside_report(example())))
    tab.locator('a[href="#explainer-pipeline"]').click()
    tab.wait_for_selector("#explainer-pipeline iframe")
    assert tab.locator("iframe").count() == 1
    tab.goto(tab.url.partition("#")[0] + "#explainer-drift")
    tab.wait_for_selector("#explainer-drift iframe")
    tab.reload()
    tab.wait_for_selector("#explainer-drift iframe")
    assert tab.locator("details[data-page][open]").count() == 1


def test_features_are_found_by_a_part_of_their_name_with_the_keyboard_alone(show: Callable[..., Any]) -> None:
    packet = with_policy(sample_packet.many_features(300))
    tab = show(page("drift", packet))
    visible = tab.locator("#features label:visible")
    assert visible.count() == 299
    assert tab.locator("#filtered").inner_text() == "299 of 299 features"
    field = tab.locator("#filter")
    field.focus()
    wanted = [f.name for f in packet.drift.features if f.psi is not None and "25" in f.name]
    tab.keyboard.type("25")
    assert tab.locator("#filtered").inner_text() == f"{len(wanted)} of 299 features"
    tab.keyboard.press("Enter")
    first = visible.nth(0)
    assert first.locator("input").is_checked()
    psi_of_first = next(f for f in packet.drift.features if f.name == first.locator("b").inner_text()).psi
    assert float(tab.locator("#psi").inner_text()) == pytest.approx(psi_of_first, abs=5e-4)
    tab.keyboard.press("ArrowDown")  # into the list
    tab.keyboard.press("ArrowDown")  # to the next that is shown
    assert visible.nth(1).locator("input").is_checked()
    field.focus()
    tab.keyboard.press("Escape")
    assert visible.count() == 299
    tab.keyboard.type("no such feature")
    assert tab.locator("#filtered").inner_text() == "no feature is named so"
    assert visible.count() == 0
    field.fill("RED")
    assert visible.count() == sum(f.band == "RED" for f in packet.drift.features)


def test_few_features_need_no_filter(drift: Any) -> None:
    assert drift.locator("#filter").count() == 0


def test_a_name_that_is_a_script_does_not_run(show: Callable[..., Any]) -> None:
    for name in PAGES:
        tab = show(page(name, VARIANTS["hostile"]()))
        tab.on("dialog", lambda dialog: pytest.fail(f"a script in the data ran: {dialog.message}"))
        data = json.loads(tab.locator("#data").text_content())
        assert data
        assert tab.evaluate("document.querySelectorAll('main img, main script').length") == 0
