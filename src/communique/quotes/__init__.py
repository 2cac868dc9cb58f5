"""Answers in quotes instead of offsets: their records, where the quotes stand in a text, and files of them."""
