"""The settings' page of models."""
