"""`python -m bot` is `shixi`."""

from bot.cli import main

main()
