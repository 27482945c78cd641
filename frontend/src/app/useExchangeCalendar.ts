import { useEffect } from "react";
import { useInstruments } from "@/api/useInstruments";
import { useExchange } from "@/lib/exchange";

/** Times are shown in the zone of the exchange whose instruments the feed serves. */
export function useExchangeCalendar(): void {
  const calendar = useInstruments()[0]?.calendar;
  useEffect(() => {
    if (calendar) useExchange.setState({ calendar });
  }, [calendar]);
}
