"""Money that goes to bank accounts: accounts, runs, what each member got, and what came back."""
