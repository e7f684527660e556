"""Salesforce's Connect REST for loyalty, answered by our own flows: journals, profiles."""
