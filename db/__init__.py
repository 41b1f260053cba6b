"""The schema, its migrations, connections and the embedded PostgreSQL. Knows nothing of labelling rules."""
