"""``python -m stylus_daw`` is ``stylus-daw``."""

from stylus_daw.cli import main

if __name__ == "__main__":
    main()
