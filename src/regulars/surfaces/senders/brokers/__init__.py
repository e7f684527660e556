"""Brokers: JetStream and Kafka behind one small interface, to read from and to publish to."""
