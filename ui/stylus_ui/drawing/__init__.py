"""Pictures of sound and the colours they use: waveforms, mel images, covers, the theme's tokens. No Qt."""
