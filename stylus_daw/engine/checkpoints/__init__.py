"""One small file per checkpoint family, all behind the protocols of ``base``."""
