"""Stems for hosts that no script reaches: padded files, DAWproject, archives, watched folders."""
