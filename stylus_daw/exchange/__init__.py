"""Stems for hosts without a script: padded files, DAWproject, archives, watched folders."""
