"""Hydrocell, a Jupyter kernel for Java. The kernel itself is found by its kernelspec; here are its commands and what
papermill needs."""
