"""The desktop's menu, its icon and its file types: what makes a double-click on a preset open stylus-daw."""
