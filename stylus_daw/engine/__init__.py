"""The Stylus method. torch and diffusers live here, and in ``training``, only."""
