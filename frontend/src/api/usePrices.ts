import { useCallback } from "react";
import { formatPrice } from "@/lib/numbers";
import { useInstruments } from "./useInstruments";

type Price = string | number | null | undefined;

/** A formatter of prices, each with the decimals of its instrument. */
export function usePrices(): (instrument: string, price: Price) => string {
  const instruments = useInstruments();
  return useCallback(
    (instrument, price) =>
      formatPrice(price, instruments.find((each) => each.id === instrument)?.price_decimals),
    [instruments],
  );
}
