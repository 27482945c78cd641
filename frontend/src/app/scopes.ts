/** What an override can be set on: everything, a pool, or one pod. */
export function scopesOf(
  plans: readonly { pool: string }[],
  pods: readonly { pod: string }[],
): string[] {
  return [
    "all",
    ...plans.map((plan) => `pool:${plan.pool}`),
    ...pods.map((pod) => `pod:${pod.pod}`),
  ];
}
