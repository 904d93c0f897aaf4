"""The benchmarks: what dawnwatch costs, beside its peers and beside what the machine allows."""
