import { Link } from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { useWords } from "@/lib/useWords";
import styles from "./Navigation.module.css";
import { pagesFor } from "./pages";
import { WORDS } from "./words";

/** The pages that the person may open. */
export function Navigation() {
  const role = useSession((state) => state.user?.role);
  const say = useWords(WORDS);
  return (
    <nav className={styles.nav} aria-label={say("pages")}>
      {pagesFor(role).map((page) => (
        <Link
          key={page.path}
          to={page.path}
          activeOptions={{ exact: page.path === "/", includeSearch: false }}
          data-testid={`${page.name}-link`}
        >
          {say(page.name)}
        </Link>
      ))}
    </nav>
  );
}
