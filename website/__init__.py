"""The documentation as a site: ``make site``. The pages are those of ``docs/``; nothing here is imported by the app."""
