"""Small Qt parts that all panels share: buttons, icons, keys, the look."""
