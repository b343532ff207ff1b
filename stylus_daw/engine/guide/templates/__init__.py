"""Templates: a style's own notes and hits, cut out of its spectrogram, and how they are played. numpy only."""
