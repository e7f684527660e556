"""The card in the wallet of a telephone: Apple's, Google's, and any other card application."""
