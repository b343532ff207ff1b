"""A drum loop in the sound of another drum loop: is the style's kit heard?"""
