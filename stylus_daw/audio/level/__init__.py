"""How loud: BS.1770 loudness, true peaks, and loudness as a mel image shows it."""
