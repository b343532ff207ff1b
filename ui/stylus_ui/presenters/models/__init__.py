"""Presenters of the models that can be used, added and downloaded."""
