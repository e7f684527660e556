"""What an operator may see of a running installation: figures and traces, never people."""
