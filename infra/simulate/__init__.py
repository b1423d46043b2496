"""Try a policy on simulated years before it is promised."""
