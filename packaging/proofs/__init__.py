"""The proofs: each module makes one promise (`SAYS`) and puts it to the test (`run`)."""
