"""The control API under ``/sim``: people act through it, tests look through it. See docs/simulator.md."""

from simulator.control.routes import Control

__all__ = ["Control"]
