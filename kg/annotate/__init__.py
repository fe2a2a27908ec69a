"""Floor 6: recognise names in text and ground them: sentences, matches, abbreviations, mentions."""
