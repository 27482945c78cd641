import { useNow } from "@/lib/useNow";
import { type Connection, connectionOf } from "./connection";
import { useLive } from "./store";

export function useConnection(): Connection {
  const now = useNow();
  const socket = useLive((state) => state.socket);
  const silentSince = useLive((state) => state.silentSince);
  return connectionOf(socket, silentSince, now);
}
