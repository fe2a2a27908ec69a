"""Floor 5: terms and their names: the vocabulary tables, name normalisation, the lexicon."""
