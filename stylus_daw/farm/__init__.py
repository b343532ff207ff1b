"""Renders on other machines, over Dask.distributed, which only this room knows; installed with the extra ``farm``."""
