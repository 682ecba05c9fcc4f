"""Who is helped next, by whom, and what then: risk, shifts, line, desk."""
