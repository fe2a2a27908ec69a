"""Floor 10: what is at which address; each module answers the requests to its own."""
