"""``python -m simulator --port 8081 [--clock-file F]`` runs the simulated Telegram until interrupted."""

import argparse
import asyncio
import contextlib
import logging
from pathlib import Path

from simulator.server import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="simulator", description="A local Telegram Bot API server.")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--clock-file", type=Path, default=None, help="JSON file with offset_seconds")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(options.host, options.port, options.clock_file))
    except (ValueError, OSError) as problem:
        parser.exit(2, f"{problem}\n")


if __name__ == "__main__":
    main()
