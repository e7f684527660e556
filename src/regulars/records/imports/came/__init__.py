"""What came along from another installation: things that nobody here made."""
