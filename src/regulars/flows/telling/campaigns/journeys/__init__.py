"""Somebody plans a journey, and the worker lets members begin and go on."""
