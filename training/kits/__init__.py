"""Judges of drum kits for the benchmark: are two loops played by one kit? Apart from the engine, as the recogniser is.

Soundfonts share samples: MuseScore General has FluidR3's kits, Csound's GM bank TimGM6mb's. So there are two nets, and
the loops of a soundfont are judged by the one that heard neither it nor its kin.

python -m training.kits --run training/runs/kits
"""
