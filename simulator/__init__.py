"""A local Telegram: the Bot API, a control API for people and tests, all on a loopback address."""
