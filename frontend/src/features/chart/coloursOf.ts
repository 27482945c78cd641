import type { CandlestickStyleOptions, ChartOptions, DeepPartial } from "lightweight-charts";
import type { Palette } from "./palette";

type Colours = {
  chart: DeepPartial<ChartOptions>;
  candles: Partial<CandlestickStyleOptions>;
};

/** The chart's options that follow the theme. */
export function coloursOf({ surface, dim, line, up, down }: Palette): Colours {
  return {
    chart: {
      layout: { background: { color: surface }, textColor: dim, fontSize: 11 },
      grid: { vertLines: { color: line }, horzLines: { color: line } },
      rightPriceScale: { borderColor: line },
      timeScale: { borderColor: line, timeVisible: true, rightOffset: 4, minBarSpacing: 2 },
    },
    candles: {
      upColor: up,
      downColor: down,
      wickUpColor: up,
      wickDownColor: down,
      borderVisible: false,
    },
  };
}
