"""The benchmarks: the bot beside what somebody would take instead, in one run. `make bench` runs them."""
