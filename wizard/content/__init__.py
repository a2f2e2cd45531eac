"""Every word that a person reads: the catalogue, the words for codes, the FAQ."""
