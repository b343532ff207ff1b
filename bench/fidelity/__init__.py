"""What must hold for any stem, whatever the style: ``python -m bench.fidelity`` writes `fidelity.md`."""
