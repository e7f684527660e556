"""The Square Loyalty API: tills and apps that were built for it work here with another address."""
