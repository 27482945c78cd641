import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import type { Schema } from "@/api/types";
import { lazyPart } from "@/components/lazyPart";
import { ChartPanel } from "@/features/chart/ChartPanel";
import { isInterval } from "@/features/chart/interval";
import { VerdictSentence } from "@/features/learning/VerdictSentence";
import { KillSwitch } from "@/features/orders/KillSwitch";
import { OrderTicket } from "@/features/orders/OrderTicket";
import { useFills } from "@/features/orders/useFills";
import { EquityPanel } from "@/features/positions/EquityPanel";
import { PositionsPanel } from "@/features/positions/PositionsPanel";
import { SignalsPanel } from "@/features/signals/SignalsPanel";
import { useSignals } from "@/features/signals/useSignals";
import { usePreferences } from "@/lib/preferences";
import styles from "./DeskView.module.css";
import { type PanelId, shown } from "./deskPanels";
import { marksOf } from "./marks";
import { SeatNotice } from "./SeatNotice";
import { useDeskRefresh } from "./useDeskRefresh";

const route = getRouteApi("/shell/");

/** The panels below the fold come after those above it. */
const COMING = <div className={styles.coming} />;
const OrdersPanel = lazyPart(
  async () => (await import("@/features/orders/OrdersPanel")).OrdersPanel,
  COMING,
);
const FillsPanel = lazyPart(
  async () => (await import("@/features/orders/FillsPanel")).FillsPanel,
  COMING,
);

/** Loaded once something holds the desk. */
const DeskConditions = lazyPart(
  async () => (await import("@/features/conditions/DeskConditions")).DeskConditions,
);

/** Composes the desk's panels around the instrument and interval of the address. */
export function DeskView({ desk }: { desk: Schema<"DeskView"> }) {
  useDeskRefresh();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { order, hidden } = usePreferences();
  const chosen = search.instrument ?? "";
  const instrument = desk.instruments.includes(chosen) ? chosen : (desk.instruments[0] ?? "");
  const interval = isInterval(search.interval) ? search.interval : desk.interval;
  const select = (change: { instrument?: string; interval?: string }) =>
    void navigate({ search: { ...search, ...change }, replace: true });
  const { rows } = useSignals();
  const { fills } = useFills();
  const marks = useMemo(() => marksOf(instrument, rows, fills), [instrument, rows, fills]);
  const { instruments, limits } = desk;
  const panels: Record<PanelId, ReactNode> = {
    verdict: <VerdictSentence line={desk.policy_line} />,
    chart: <ChartPanel {...{ instruments, instrument, interval, marks }} onSelect={select} />,
    ticket: (
      <>
        <OrderTicket
          {...{ instruments, instrument }}
          onInstrument={(each) => select({ instrument: each })}
        />
        <KillSwitch limits={limits} />
        {/* They come and go: here they move nothing but themselves. */}
        <SeatNotice desk={desk} />
        {limits.state === "active" ? null : <DeskConditions />}
      </>
    ),
    signals: <SignalsPanel onShow={(each) => select({ instrument: each })} />,
    equity: <EquityPanel fees={desk.fees} instruments={instruments} />,
    positions: <PositionsPanel />,
    orders: <OrdersPanel />,
    fills: <FillsPanel />,
  };
  return (
    <div className={styles.around}>
      <h1 className="visually-hidden">{desk.name}</h1>
      <div className={styles.desk}>
        {shown(order, hidden).map((id) => (
          <div key={id} className={styles.cell} data-panel={id} data-tour={id}>
            {panels[id]}
          </div>
        ))}
      </div>
    </div>
  );
}
