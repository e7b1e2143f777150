"""Rotational training, a wing: each room is one feature with its pages, verbs, questions, tables and words."""
