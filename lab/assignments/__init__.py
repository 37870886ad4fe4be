"""The exercises as assignments of other systems: nbgrader, GitHub Classroom, Gradescope; and the sandbox."""
