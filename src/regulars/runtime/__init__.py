"""Runs the house: settings, database, server, worker and command line. Nobody imports it."""
