"""Values and small services that every other part builds on and that build on nothing."""
