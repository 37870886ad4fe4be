"""Runs every benchmark, one after the other: `make desempenho`."""

from rich.console import Console

from benchmarks import board, checks, classroom, facts, hub, reconcile, school, startup

if __name__ == "__main__":
    console = Console()
    for one in (startup, checks, facts, hub, reconcile, school, classroom, board):
        one.main(console)
        console.print()
