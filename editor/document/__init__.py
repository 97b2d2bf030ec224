"""The open circuit: the network, its history, its files, and the talk with the engine that runs it."""
