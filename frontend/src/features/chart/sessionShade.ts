import type {
  IChartApi,
  IPanePrimitive,
  IPrimitivePaneRenderer,
  Logical,
  PaneAttachedParameter,
  Time,
} from "lightweight-charts";
import type { Palette } from "./palette";
import type { Run } from "./sessionRuns";

type Target = Parameters<IPrimitivePaneRenderer["draw"]>[0];

const HATCH_PX = 7;
const OPACITY = { other: 0.4, closed: 0.7 };

/** Shades runs of bars behind everything else; those of closed hours are hatched as well. */
export class SessionShade implements IPanePrimitive<Time> {
  private runs: readonly Run[] = [];
  private colours = { shade: "", hatch: "" };
  private readonly views = [
    {
      zOrder: () => "bottom" as const,
      renderer: (): IPrimitivePaneRenderer => ({
        draw: () => undefined,
        drawBackground: (target) => this.draw(target),
      }),
    },
  ];

  private redraw: () => void = () => undefined;

  constructor(private readonly chart: IChartApi) {
    chart.panes()[0]?.attachPrimitive(this);
  }

  paneViews() {
    return this.views;
  }

  attached({ requestUpdate }: PaneAttachedParameter<Time>): void {
    this.redraw = requestUpdate;
  }

  show(runs: readonly Run[]): void {
    this.runs = runs;
    this.redraw();
  }

  paint({ paused, line }: Palette): void {
    this.colours = { shade: line, hatch: paused };
  }

  private draw(target: Target): void {
    const scale = this.chart.timeScale();
    // Of whole places alone the scale tells where they are.
    const at = (place: number): number => scale.logicalToCoordinate(place as Logical) ?? 0;
    const half = (at(1) - at(0)) / 2;
    // biome-ignore lint/correctness/useHookAtTopLevel: the canvas library's name, no hook of React
    target.useMediaCoordinateSpace(({ context, mediaSize: { width, height } }) => {
      for (const { first, last, look } of this.runs) {
        const [from, to] = [at(first) - half, at(last) + half];
        if (to < 0 || from > width) continue;
        context.save();
        context.beginPath();
        context.rect(from, 0, to - from, height);
        context.globalAlpha = OPACITY[look];
        context.fillStyle = this.colours.shade;
        context.fill();
        if (look === "closed") this.hatch(context, Math.max(0, from), Math.min(width, to), height);
        context.restore();
      }
    });
  }

  /** Slanted lines within what was just filled. */
  private hatch(context: CanvasRenderingContext2D, from: number, to: number, height: number): void {
    context.clip();
    context.strokeStyle = this.colours.hatch;
    context.globalAlpha = 0.25;
    context.beginPath();
    for (let x = from - height; x < to; x += HATCH_PX) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
    }
    context.stroke();
  }
}
