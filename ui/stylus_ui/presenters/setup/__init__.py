"""Settings, models, plugins, downloads and the first run. No Qt."""
