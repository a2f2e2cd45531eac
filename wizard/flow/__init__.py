"""The step graph, typed answers and the verdicts over them."""
