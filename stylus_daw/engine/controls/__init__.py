"""What a producer turns after the model: transients, lows, tone, envelope, tempo. numpy only."""
