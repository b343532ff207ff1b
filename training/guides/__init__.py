"""Triples with guides: what the net on top of the guide learns from.

python -m training.guides --out training/runs/guides --shards 60 --jobs 2
"""
