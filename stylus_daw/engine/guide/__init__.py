"""The guide: every note and hit of the content gets the image of the style's own, moved to its pitch and moment.

What it is made of, in the order of work:

- ``instrument``: the style's templates (``note_templates``, ``hit_templates``), cut out with combs and strokes
- ``content_notes``: what the content plays, in frames, with levels measured in its own mel image
- ``choosing``, ``playing``, ``moving``: a template for each note, as long and as high as the note
- ``articulation``: whose envelopes a note follows (``structure``)
- ``drawing``: the sum of all notes and hits, block by block
- ``explained``, ``blending``: how much of the content that stands for, and row matching for the rest, without holes
- ``base_image``, ``guiding``: all of it for a render; ``listening``: styles heard once

On arrays, for one style (``rows``: row-matched power, for instance of `RowMatch`)::

    instrument = Instrument.of(style_clip, transcribe(style_clip))
    content_db = mel_image(content_clip, GEOMETRY)                      # [128, frames]
    content = ContentNotes.of(content_db, transcribe(content_clip))     # or a Transcription of written notes
    drawn = Guide.of(content_db, content, instrument, structure=0.0).block(0, content_db.shape[1])
    power = blending.blended(drawn.power, rows, drawn.explained)        # [128, frames]; what the net starts from

or, as a render does it, with image values out: :func:`~stylus_daw.engine.guide.on_arrays.guide_values`.
"""
