"""The net that names the drums of a hit (`stylus_daw.engine.guide.templates.drums`): loops, training, its own accuracy.

python -m training.drums --run training/runs/drums
"""
