import { getRouteApi } from "@tanstack/react-router";
import { AuditPanel } from "@/features/audit/AuditPanel";
import { useWords } from "@/lib/useWords";
import { WORDS } from "./words";

const route = getRouteApi("/shell/audit");

/** Who changed what; its filter stands in the address. */
export function AuditPage() {
  const say = useWords(WORDS);
  const { subject } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <h1 className="visually-hidden">{say("audit")}</h1>
      <AuditPanel
        subject={subject}
        onSubject={(each) => void navigate({ search: each ? { subject: each } : {} })}
      />
    </>
  );
}
