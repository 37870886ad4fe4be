"""Runs every benchmark, one after the other: `make desempenho`."""

from rich.console import Console

from benchmarks import checks, facts, hub, school, startup

if __name__ == "__main__":
    console = Console()
    for one in (startup, checks, facts, hub, school):
        one.main(console)
        console.print()
