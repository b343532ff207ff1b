"""Audition: hear the original, the result and their difference. No Qt; pedalboard's devices in `devices` only."""
