"""Sphinx's settings. ``python -m website`` calls it with ``out/site/source`` as its source."""

from __future__ import annotations

import importlib.util

from stylus_daw import __version__

project = "stylus-daw"
author = "the stylus-daw authors"
copyright = "the stylus-daw authors, GPL-3.0-or-later"
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
root_doc = "index"
language = "en"

# Links: as on GitHub, headings of every level are anchors. A link that leads nowhere is a warning, and so an error.
myst_heading_anchors = 6
highlight_language = "none"

# The reference. What a machine lacks is stood in for: the reference needs no model's libraries.
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_type_aliases = {"Samples": "Samples", "Image": "Image", "Integers": "Integers"}
add_module_names = False
autodoc_mock_imports = [name for name in ("torch", "diffusers", "transformers") if not importlib.util.find_spec(name)]
default_role = "code"
napoleon_use_ivar = True
napoleon_numpy_docstring = False
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = "stylus-daw"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["listen.js"]
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "source_view_link": "",
    "navigation_with_keys": True,
    # the window's accents for style (`ui/stylus_ui/drawing/theme.py`)
    "light_css_variables": {"color-brand-primary": "#6a3fd1", "color-brand-content": "#6a3fd1"},
    "dark_css_variables": {"color-brand-primary": "#b79cff", "color-brand-content": "#b79cff"},
}
