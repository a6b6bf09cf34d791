"""The only place that knows a database: one module a subject, returning domain records."""
