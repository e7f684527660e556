"""Promotions that connected systems made, beside the rules that give what they promise."""
