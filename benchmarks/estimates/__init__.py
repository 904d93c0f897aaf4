"""What is estimated before labels come, against what the labels realise: real windows, by kind of shift."""
