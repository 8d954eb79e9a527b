"""How a programme runs: what comes before its term, the term, phases, milestones, goals and their indicators."""
