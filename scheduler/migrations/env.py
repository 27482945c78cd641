"""Runs the migrations over the connection that `scheduler.migrate` hands in."""

from alembic import context

from scheduler.tables import SCHEMA, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
)
with context.begin_transaction():
    context.run_migrations()
