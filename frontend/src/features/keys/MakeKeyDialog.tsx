import { Dialog } from "@/components/ui/Dialog";
import { useWords } from "@/lib/useWords";
import { MakeKeyForm } from "./MakeKeyForm";
import { NewKeyText } from "./NewKeyText";
import { useMakeKey } from "./useKeys";
import { WORDS } from "./words";

/** Makes a key, and shows its text this once. */
export function MakeKeyDialog({ onClose }: { onClose: () => void }) {
  const say = useWords(WORDS);
  const make = useMakeKey();
  const text = make.data?.key;
  return (
    <Dialog opened onClose={onClose} title={say(text ? "made-it" : "make")}>
      {text ? <NewKeyText text={text} onDone={onClose} /> : <MakeKeyForm make={make} />}
    </Dialog>
  );
}
