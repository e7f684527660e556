"""What must happen once: idempotency keys and natural keys, with the first answer."""
