"""Renders that are scripted, and who listens to them."""
