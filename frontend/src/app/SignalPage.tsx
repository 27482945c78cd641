import { getRouteApi } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { SignalView } from "@/features/signals/SignalView";
import { oversees } from "./oversees";
import { useDesks } from "./useDesks";

const route = getRouteApi("/shell/signals/$id");

/** One signal, by its address; who oversees is told whose desk it is of. */
export function SignalPage() {
  const { id } = route.useParams();
  const desks = useDesks(useSession((state) => oversees(state.user?.role))).data;
  return (
    <SignalView key={id} id={id} nameOf={(desk) => desks?.find((each) => each.id === desk)?.name} />
  );
}
