"""What the monitor finds of incidents with a known truth, and how often it cries wolf: `make drill-bench`."""
