"""Any CRM with an API over HTTP: told of members, heard about cases, by a file of fields."""
