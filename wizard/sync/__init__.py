"""One sync from reading the directory to the record of the run."""
