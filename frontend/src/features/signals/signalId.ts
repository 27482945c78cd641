/** A signal's id, as the server makes it: it follows from desk, bar end and instrument. */
export function signalId(desk: string, barEnd: string, instrument: string): string {
  const at = new Date(barEnd).toISOString().replace(/[-:]|\.\d+/g, "");
  return `${desk}.${at}.${instrument.replaceAll(":", ".")}`;
}
