"""What a replay found: as tables, as a page that opens without a network, and as Parquet files."""
