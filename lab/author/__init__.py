"""What the author of a unit uses: derive the notebooks, prove every unit, start a new one."""
