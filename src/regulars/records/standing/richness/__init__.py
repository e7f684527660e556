"""Who has most: what members have in one wallet, some seconds behind the books."""
