"""dawnwatch.toml: read strictly, every threshold with its `because`."""

from dawnwatch.config.load import Config
from dawnwatch.config.schema import ColumnConfig, PsiThreshold, RangeRule

__all__ = ["ColumnConfig", "Config", "PsiThreshold", "RangeRule"]
