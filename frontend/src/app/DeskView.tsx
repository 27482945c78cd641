import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Schema } from "@/api/types";
import { ChartPanel } from "@/features/chart/ChartPanel";
import { isInterval } from "@/features/chart/interval";
import { ChatPanel } from "@/features/chat/ChatPanel";
import { VerdictSentence } from "@/features/learning/VerdictSentence";
import { FillsPanel } from "@/features/orders/FillsPanel";
import { KillSwitch } from "@/features/orders/KillSwitch";
import { OrdersPanel } from "@/features/orders/OrdersPanel";
import { OrderTicket } from "@/features/orders/OrderTicket";
import { useFills } from "@/features/orders/useFills";
import { EquityPanel } from "@/features/positions/EquityPanel";
import { PositionsPanel } from "@/features/positions/PositionsPanel";
import { SignalsPanel } from "@/features/signals/SignalsPanel";
import { useSignals } from "@/features/signals/useSignals";
import styles from "./DeskView.module.css";
import { marksOf } from "./marks";
import { SeatNotice } from "./SeatNotice";
import { useDeskRefresh } from "./useDeskRefresh";

const route = getRouteApi("/shell/");

/** Composes the desk's panels around the instrument and interval of the address. */
export function DeskView({ desk }: { desk: Schema<"DeskView"> }) {
  useDeskRefresh();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const chosen = search.instrument ?? "";
  const instrument = desk.instruments.includes(chosen) ? chosen : (desk.instruments[0] ?? "");
  const interval = isInterval(search.interval) ? search.interval : desk.interval;
  const select = (change: { instrument?: string; interval?: string }) =>
    void navigate({ search: { ...search, ...change }, replace: true });
  const { rows } = useSignals();
  const { fills } = useFills();
  const marks = useMemo(() => marksOf(instrument, rows, fills), [instrument, rows, fills]);
  return (
    <div className={styles.desk}>
      <h1 className="visually-hidden">{desk.name}</h1>
      <div className={styles.main}>
        <SeatNotice desk={desk} />
        <VerdictSentence line={desk.policy_line} />
        <ChartPanel
          instruments={desk.instruments}
          instrument={instrument}
          interval={interval}
          marks={marks}
          onSelect={select}
        />
        <div className={styles.row}>
          <SignalsPanel onShow={(each) => select({ instrument: each })} />
          <PositionsPanel />
          <EquityPanel fees={desk.fees} />
        </div>
        <div className={styles.pair}>
          <OrdersPanel />
          <FillsPanel />
        </div>
      </div>
      <div className={styles.side}>
        <OrderTicket
          instruments={desk.instruments}
          instrument={instrument}
          onInstrument={(each) => select({ instrument: each })}
        />
        <KillSwitch
          halted={desk.limits.halted}
          reducing={desk.limits.state === "reducing"}
          reason={desk.limits.halt_reason}
        />
        <div className={styles.chat}>
          <ChatPanel />
        </div>
      </div>
    </div>
  );
}
