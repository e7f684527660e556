"""Salesforce: told of members by composite upserts, asked for cases, by a file of fields."""
