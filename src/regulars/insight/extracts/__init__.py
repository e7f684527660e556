"""Heavy questions, asked of an export's Parquet files in place of the database."""
