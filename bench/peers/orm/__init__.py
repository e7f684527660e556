"""The usual way to build this: FastAPI, SQLAlchemy's async ORM, one transaction per request."""
