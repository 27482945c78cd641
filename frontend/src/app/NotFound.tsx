import { Link } from "@tanstack/react-router";
import { useWords } from "@/lib/useWords";
import styles from "./Message.module.css";
import { WORDS } from "./words";

export function NotFound() {
  const say = useWords(WORDS);
  return (
    <main className={styles.message}>
      <h1>{say("no-page")}</h1>
      <p>
        {say("mistyped")} <Link to="/">{say("to-desk")}</Link>
      </p>
    </main>
  );
}
