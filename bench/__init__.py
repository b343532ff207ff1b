"""Benchmarks: each writes a Markdown table."""
