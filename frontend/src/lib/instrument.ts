/** `XNYS:IBM` → `IBM`; the venue is shown apart. */
export function symbolOf(instrument: string): string {
  return instrument.slice(instrument.indexOf(":") + 1);
}
