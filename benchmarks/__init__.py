"""Accuracy and speed, each a command that prints its figures."""
