"""The lab: brings engine, registry, practice hub and JupyterLab up and down, in a universe of their own."""
