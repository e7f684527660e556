"""What is to be sent to hooks once more, moved back portion by portion."""
