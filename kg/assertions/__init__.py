"""Floor 6: what sentences say of the entities that they mention."""
