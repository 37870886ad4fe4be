"""Runs every benchmark: `make desempenho`."""

from rich.console import Console

from benchmarks import startup

if __name__ == "__main__":
    startup.main(Console())
