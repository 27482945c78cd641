/** What an instrument last traded at, and when. */
export type LastPrice = { price: number; at: string };

export type LastPrices = Readonly<Record<string, LastPrice>>;

/** The prices with a newer one; the same prices where the one that came is older. */
export function withPrice(prices: LastPrices, instrument: string, last: LastPrice): LastPrices {
  const known = prices[instrument];
  if (known && Date.parse(known.at) > Date.parse(last.at)) return prices;
  return { ...prices, [instrument]: last };
}
