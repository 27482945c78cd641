"""The history of the schema `backend`, applied by `backend.migrate`."""
