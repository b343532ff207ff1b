"""The machine: devices, precision, memory, and how each of them fails."""
