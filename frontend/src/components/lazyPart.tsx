import { Component, type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { loadPatiently } from "@/lib/loadPatiently";
import { useWords } from "@/lib/useWords";
import { ErrorNote } from "./ui/ErrorNote";
import { WORDS } from "./ui/words";

/**
 * A part whose code comes when it is first shown. While the server is away it is asked for again;
 * what fails for good says so in the part's own place, and the rest of the page stands.
 */
export function lazyPart<P extends object>(
  load: () => Promise<ComponentType<P>>,
  fallback: ReactNode = null,
): (props: P) => ReactNode {
  const Part = lazy(async () => ({
    default: (await loadPatiently(load)) as ComponentType<object>,
  }));
  return (props) => (
    <PartBoundary>
      <Suspense fallback={fallback}>
        <Part {...props} />
      </Suspense>
    </PartBoundary>
  );
}

class PartBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <PartMissing error={this.state.error} />;
  }
}

function PartMissing({ error }: { error: unknown }) {
  const say = useWords(WORDS);
  return <ErrorNote error={error} what={say("partMissing")} onRetry={() => location.reload()} />;
}
