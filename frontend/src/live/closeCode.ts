/** Close codes of the live socket. */
export const CLOSE = {
  restart: 1012,
  tooSlow: 1013,
  renew: 4401,
  forbidden: 4403,
  slowDown: 4429,
} as const;
