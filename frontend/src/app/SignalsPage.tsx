import { getRouteApi } from "@tanstack/react-router";
import { useInstruments } from "@/api/useInstruments";
import { NativeSelect } from "@/components/ui/NativeSelect";
import { SIGNAL_PAGE } from "@/features/signals/pageWords";
import { SignalTable } from "@/features/signals/SignalTable";
import { symbolOf } from "@/lib/instrument";
import { useWords } from "@/lib/useWords";
import { OfDesk } from "./OfDesk";
import styles from "./OperatorPage.module.css";
import { type SignalsSearch, signalsSearch } from "./signalsSearch";
import { WORDS } from "./words";

const route = getRouteApi("/shell/signals");

/** A desk's signals; which instrument's, and whose desk, stands in the address. */
export function SignalsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const say = useWords(SIGNAL_PAGE);
  const shell = useWords(WORDS);
  const instruments = useInstruments();
  const show = (change: SignalsSearch) =>
    void navigate({ search: signalsSearch({ ...search, ...change }), replace: true });
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{shell("signals")}</h1>
      <NativeSelect
        label={say("instrument")}
        data={[
          { value: "", label: say("all") },
          ...instruments.map((each) => ({ value: each.id, label: symbolOf(each.id) })),
        ]}
        value={search.instrument ?? ""}
        onChange={({ target }) => show({ instrument: target.value })}
      />
      <OfDesk named={search.desk} onName={(desk) => show({ desk })}>
        {(desk) => <SignalTable instrument={search.instrument} desk={desk} />}
      </OfDesk>
    </div>
  );
}
