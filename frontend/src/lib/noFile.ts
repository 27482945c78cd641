/** How Chromium, Firefox, Safari and the build's preloading say that a file of the page did not come. */
const SAID = /dynamically imported module|importing a module script failed|unable to preload/i;

/** Whether what was thrown is a part of the page whose file could not be loaded. */
export function noFile(error: unknown): boolean {
  return error instanceof Error && SAID.test(error.message);
}
