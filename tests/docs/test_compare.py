"""The page on comparing names every field of the JSON object, every cause and every attribution."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from dawnwatch.model import comparison

PAGE = (Path(__file__).parents[2] / "docs/compare.md").read_text("utf-8")
MODELS = [getattr(comparison, name) for name in comparison.__all__ if isinstance(getattr(comparison, name), type)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_documented(model: type[BaseModel]) -> None:
    missing = [name for name in model.model_fields if f"`{name}`" not in PAGE and f"`{name}[]`" not in PAGE]
    assert not missing


def test_every_cause_and_attribution_is_documented() -> None:
    words = [*get_args(comparison.Cause), *get_args(comparison.Attribution)]
    assert len(words) == 11
    assert not [word for word in words if f"`{word}`" not in PAGE]


def test_the_version_is_the_documented_one() -> None:
    assert f'`schema_version` is "{comparison.COMPARISON_VERSION}"' in PAGE
