"""Stable Diffusion of every family: loaded, inverted, sampled and decoded."""
