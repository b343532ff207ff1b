"""The published method on diffusion checkpoints, and what ours does differently; a page per question."""
