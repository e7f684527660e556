"""The one way by which the house asks something of another machine by HTTP."""
