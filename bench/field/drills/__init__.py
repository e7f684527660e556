"""What an operator practises: losing a disk once, thirty times in a row, and an upgrade in use."""
