"""Assertions against annotated sentences and relations; see `__main__` for the command."""
