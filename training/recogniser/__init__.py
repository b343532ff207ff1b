"""An instrument recogniser for the benchmark, apart from the engine: other soundfonts, another net, another aim.

python -m training.recogniser --run training/runs/recogniser
"""
