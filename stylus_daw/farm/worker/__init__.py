"""A worker's end of a farm: what runs on the machines that render, and beside their scheduler."""
