"""Taking a fall of the AUC apart: which part is labels that lack, bad data, new units, another mix, another concept."""

from dawnwatch.monitoring.causes.split import split_fall

__all__ = ["split_fall"]
