"""What is ours, as the Square API says it: bills, events, periods, pages."""
