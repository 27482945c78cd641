import { ErrorNote } from "@/components/ui/ErrorNote";
import { useWords } from "@/lib/useWords";
import { DeskView } from "./DeskView";
import { NoDesk } from "./NoDesk";
import { Pending } from "./Pending";
import { useDesk } from "./useDesk";
import { WORDS } from "./words";

/** The trader's page. People without a desk are told so. */
export function DeskPage() {
  const desk = useDesk();
  const say = useWords(WORDS);
  if (desk.data) return <DeskView desk={desk.data} />;
  if (!desk.error) return <Pending />;
  const missing = "status" in desk.error && desk.error.status === 404;
  if (missing) return <NoDesk />;
  return <ErrorNote error={desk.error} what={say("desk-failed")} onRetry={desk.refetch} />;
}
