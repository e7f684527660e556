"""Campaigns: kept, released, queued, sent, settled."""
