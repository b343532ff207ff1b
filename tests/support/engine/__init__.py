"""Small checkpoints, sounds and a hub for tests of the engine."""
