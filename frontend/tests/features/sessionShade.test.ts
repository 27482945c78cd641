import type { IChartApi } from "lightweight-charts";
import { describe, expect, it } from "vitest";
import { SessionShade } from "@/features/chart/sessionShade";

const BAR_PX = 10;

/** Stands for the library, which knows coordinates of whole places alone and gives 0 for others. */
const timeScale = {
  logicalToCoordinate: (place: number) => (Number.isInteger(place) ? place * BAR_PX : 0),
};
const chart = { panes: () => [], timeScale: () => timeScale } as unknown as IChartApi;

function drawn(shade: SessionShade): number[][] {
  const rects: number[][] = [];
  const context = new Proxy({} as Record<string, unknown>, {
    get: (held, name) =>
      name === "rect" ? (...at: number[]) => rects.push(at) : (held[String(name)] ?? (() => {})),
    set: () => true,
  });
  const mediaSize = { width: 400, height: 100 };
  const target = {
    useMediaCoordinateSpace: (act: (scope: unknown) => void) => act({ context, mediaSize }),
  };
  shade
    .paneViews()[0]
    ?.renderer()
    .drawBackground?.(target as never);
  return rects;
}

describe("the shade of market sessions", () => {
  it("covers its bars whole, half a bar beyond the first and the last", () => {
    const shade = new SessionShade(chart);
    shade.show([
      { first: 2, last: 4, look: "other" },
      { first: 9, last: 9, look: "closed" },
    ]);
    expect(drawn(shade)).toEqual([
      [15, 0, 30, 100],
      [85, 0, 10, 100],
    ]);
  });

  it("leaves out what lies beside the chart, and is drawn as soon as it is known", () => {
    const shade = new SessionShade(chart);
    let asked = 0;
    shade.attached({ requestUpdate: () => asked++ } as never);
    shade.show([{ first: 90, last: 95, look: "other" }]);
    expect(drawn(shade)).toEqual([]);
    expect(asked).toBe(1);
  });
});
