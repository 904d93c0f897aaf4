"""dawnwatch.toml: read strictly, every threshold with its `because`."""

from dawnwatch.config.column import ColumnConfig, RangeRule
from dawnwatch.config.load import Config
from dawnwatch.config.thresholds import PsiThreshold

__all__ = ["ColumnConfig", "Config", "PsiThreshold", "RangeRule"]
