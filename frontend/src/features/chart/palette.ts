const NAMES = [
  "text",
  "dim",
  "line",
  "up",
  "down",
  "accent",
  "warn",
  "surface",
  "learning",
  "raised",
  "paused",
] as const;

export type Palette = Record<(typeof NAMES)[number], string>;

/** The page's colours for the canvas, which cannot read style sheets by itself. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const entries = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return Object.fromEntries(entries) as Palette;
}
