import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import { GapWatch } from "./gapWatch";
import { LiveSocket } from "./socket";
import { forget, useLive } from "./store";
import { subscriptions } from "./subscriptions";
import { takeAndPublish } from "./takeAndPublish";

/** Connects the live socket to store and feed; the returned function ends it. */
export function startLive(): () => void {
  const gaps = new GapWatch();
  const socket: LiveSocket = new LiveSocket({
    url: liveUrl,
    onState: (state) => useLive.setState({ socket: state }),
    onFrame: (frame) => {
      const gap = takeAndPublish(frame, Date.now()) === "gap";
      const ask = gap ? gaps.resume(useLive.getState().cursor) : null;
      if (ask) socket.send(ask);
    },
    greeting: () => {
      gaps.forget();
      const ask = gaps.resume(useLive.getState().cursor);
      const wanted = subscriptions.all().map((each) => ({ op: "subscribe", ...each }));
      return ask ? [ask, ...wanted] : wanted;
    },
  });
  subscriptions.onChange((op, subscription) => socket.send({ op, ...subscription }));
  useLive.setState({ silentSince: Date.now() });
  socket.start();
  return () => {
    subscriptions.onChange(null);
    socket.stop();
    forget();
  };
}

async function liveUrl(): Promise<string> {
  const { ticket } = await unwrap(api.POST("/api/v1/ws-ticket"));
  const origin = location.origin.replace(/^http/, "ws");
  return `${origin}/api/v1/live?ticket=${encodeURIComponent(ticket)}`;
}
