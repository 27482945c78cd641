-- A login role each, which owns the schema of its own name; `backend` never reads the scheduler's tables.
CREATE ROLE shiftdesk_backend LOGIN PASSWORD 'backend';
CREATE SCHEMA backend AUTHORIZATION shiftdesk_backend;
CREATE ROLE shiftdesk_scheduler LOGIN PASSWORD 'scheduler';
CREATE SCHEMA scheduler AUTHORIZATION shiftdesk_scheduler;
