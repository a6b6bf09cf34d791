"""The running program: settings, wiring, intake, outbox, schedule, texts and the command line."""
