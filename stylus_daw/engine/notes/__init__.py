"""Notes: what a sound plays. ``transcriber`` hears them, ``note`` names them; a guide is made of them."""
