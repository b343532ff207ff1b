"""The lanes of content and result, the ruler over them, and the Render button."""
