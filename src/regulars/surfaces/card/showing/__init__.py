"""What pages of the card show: the books as a member reads them."""
