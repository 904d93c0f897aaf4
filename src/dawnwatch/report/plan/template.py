"""The unfilled plan: what each section asks, and a form to answer in."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BLANKS", "Blank"]


@dataclass(frozen=True)
class Blank:
    """A section's questions, and the form that stands in its kept block until someone fills it."""

    questions: tuple[str, ...]
    form: str


def _form(*rows: str) -> str:
    """Lay out a form: the first row names the columns, the others begin with what is asked."""
    columns = rows[0].count("|") + 1
    line = "| " + " | ".join(["---"] * columns) + " |"
    return "\n".join(
        [f"| {rows[0]} |", line, *(f"| {row}{' | ' * (columns - 1 - row.count('|'))} |" for row in rows[1:])]
    )


BLANKS = {
    "system": Blank(
        ("What does the model decide, for whom, and what does a wrong answer cost?",),
        _form(" | ", "Model", "Version", "Owner", "Told", "Label", "Score", "Features", "Unit"),
    ),
    "data": Blank(
        ("Where do the rows and columns come from, and who answers for each source?",),
        _form("Source | Holds | Owner", "Prediction log", "Labels", "Reference", "Holdout"),
    ),
    "quality": Blank(
        (
            "Which values are possible in each column, and how many rows may break a rule before someone must look?",
            "What breaks for users if more values are missing than that?",
        ),
        _form("Column | Type | Bounds | Missing up to | Why", ""),
    ),
    "drift": Blank(
        (
            "How large a shift of each feature is worth waking someone for? What moves it in an ordinary week?",
            "Which features are not watched, and why not?",
        ),
        _form("Feature | YELLOW from | RED from | Why", ""),
    ),
    "performance": Blank(
        ("How large a fall is borne, in which slices must it hold, and how long do labels take?",),
        _form(" | ", "Metric", "Baseline", "Tolerance", "Why", "Slices", "Label delay"),
    ),
    "escalation": Blank(
        ("Who is paged at each severity, how soon must they act, and who is next if they do not answer?",),
        _form("Severity | Holds when | Due | Paged | Next", "critical", "high", "medium", "low"),
    ),
    "operations": Blank(
        ("When does it run, how long is what it writes kept, what does it cost, and what can it not see?",),
        _form(" | ", "Schedule", "Retention", "Cost", "Privacy", "Known blind spots"),
    ),
    "review": Blank(
        ("When is this plan gone through again, and by whom?",),
        _form(" | ", "Last reviewed", "Every", "Next review", "By"),
    ),
}
"""By the name of the section's kept block."""
