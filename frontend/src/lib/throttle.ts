export type Throttled = { call: () => void; stop: () => void };

/** Does the work at once, then at most once a span; calls within a span become one at its end. */
export function throttle(work: () => void, spanMs: number): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const run = (): void => {
    again = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, spanMs);
    work();
  };
  const call = (): void => {
    if (timer === undefined) run();
    else again = true;
  };
  return { call, stop: () => clearTimeout(timer) };
}
