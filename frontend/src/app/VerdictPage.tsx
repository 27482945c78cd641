import { getRouteApi } from "@tanstack/react-router";
import { VerdictSheet } from "@/features/learning/VerdictSheet";

const route = getRouteApi("/shell/learning/verdicts/$id");

/** One verdict, by its address. */
export function VerdictPage() {
  const { id } = route.useParams();
  return <VerdictSheet key={id} id={id} />;
}
