"""What people answer, with how sure one can be: shares, NPS and CSAT, in plain arithmetic."""
