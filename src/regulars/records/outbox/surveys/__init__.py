"""Surveys as they are kept: what is asked, who was asked, what they said."""
