"""Answers from rows: examples to learn them from, the retriever that proposes rows, answers as the program takes them."""
