"""Who did what, and when: what a person reads on «Atividade», and whoever runs the hub after trouble."""
