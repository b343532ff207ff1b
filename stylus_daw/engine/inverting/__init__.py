"""Inversion and sampling: schedules, samplers, AdaIN and the streams between them."""
