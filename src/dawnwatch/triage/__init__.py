"""From what the checks found to what a person should do: severity, diagnosis, decision, actions."""
