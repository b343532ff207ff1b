"""Effects after the engine: what a preset says of them, and pedalboard."""
