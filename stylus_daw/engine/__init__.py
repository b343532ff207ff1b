"""The Stylus method. torch and diffusers live here, and in ``training``, only."""

import os

from stylus_daw.engine.machine.amx import keep_off_broken_amx

keep_off_broken_amx(os.environ)  # oneDNN reads it at its first operation
