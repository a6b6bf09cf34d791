"""`shixi demo`: a school with a past on a simulated Telegram, and the bot as it is, in one command."""
