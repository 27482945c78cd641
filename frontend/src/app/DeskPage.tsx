import { ErrorNote } from "@/components/ui/ErrorNote";
import { DeskView } from "./DeskView";
import { NoDesk } from "./NoDesk";
import { Pending } from "./Pending";
import { useDesk } from "./useDesk";

/** The trader's page. People without a desk are told so. */
export function DeskPage() {
  const desk = useDesk();
  if (desk.data) return <DeskView desk={desk.data} />;
  if (!desk.error) return <Pending />;
  const missing = "status" in desk.error && desk.error.status === 404;
  if (missing) return <NoDesk />;
  return <ErrorNote error={desk.error} what="The desk cannot be shown." onRetry={desk.refetch} />;
}
