/** What a panel shows with its age is read at least so often; later than two heartbeats it is stale. */
export const READ_AGAIN_MS = 8000;
