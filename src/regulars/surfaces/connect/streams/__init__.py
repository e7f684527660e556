"""Streams of brokers as sources of events: how messages are read, for the API and the console."""
