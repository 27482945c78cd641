/**
 * Messages as ICU writes them, as much of it as we use: `{name}`, `{count, number}` and
 * `{count, plural, =0 {none} one {# bar} other {# bars}}`.
 */
export type Part =
  | { kind: "text"; text: string }
  | { kind: "value"; name: string }
  | { kind: "number"; name: string }
  | { kind: "plural"; name: string; branches: Record<string, Part[]> };

/** The parts of a message. Throws where it is not well formed. */
export function parseMessage(message: string): Part[] {
  const reader = new Reader(message);
  const parts = reader.parts(null);
  if (!reader.done) throw new Error(`a } too many in the message: ${message}`);
  return parts;
}

/** The names of the values that the parts want, sorted. */
export function namesOf(parts: readonly Part[]): string[] {
  const names = parts.flatMap((part) => {
    if (part.kind === "text") return [];
    if (part.kind !== "plural") return [part.name];
    return [part.name, ...Object.values(part.branches).flatMap(namesOf)];
  });
  return [...new Set(names)].sort();
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** Up to a closing brace or the end. `counted` is what `#` stands for. */
  parts(counted: string | null): Part[] {
    const parts: Part[] = [];
    while (!this.done && this.text[this.at] !== "}") {
      if (this.text[this.at] === "{") parts.push(this.argument());
      else if (counted && this.text[this.at] === "#") parts.push(this.hash(counted));
      else parts.push({ kind: "text", text: this.until(counted ? /[{}#]/ : /[{}]/) });
    }
    return parts;
  }

  private hash(name: string): Part {
    this.at++;
    return { kind: "number", name };
  }

  private argument(): Part {
    this.take("{");
    const name = this.until(/[,}]/).trim();
    if (this.text[this.at] === "}") return this.closed({ kind: "value", name });
    this.take(",");
    const kind = this.until(/[,}]/).trim();
    if (kind === "number") return this.closed({ kind, name });
    if (kind !== "plural") throw new Error(`{${name}, ${kind}} is of no known kind: ${this.text}`);
    this.take(",");
    return this.closed({ kind, name, branches: this.branches(name) });
  }

  private branches(name: string): Record<string, Part[]> {
    const branches: Record<string, Part[]> = {};
    for (;;) {
      const key = this.until(/[{}]/).trim();
      if (!key) break;
      this.take("{");
      branches[key] = this.parts(name);
      this.take("}");
    }
    if (!branches.other) throw new Error(`{${name}, plural} has no "other": ${this.text}`);
    return branches;
  }

  private closed(part: Part): Part {
    this.take("}");
    return part;
  }

  private until(stop: RegExp): string {
    const length = this.text.slice(this.at).search(stop);
    const end = length < 0 ? this.text.length : this.at + length;
    const text = this.text.slice(this.at, end);
    this.at = end;
    return text;
  }

  private take(character: string): void {
    if (this.text[this.at] !== character) {
      throw new Error(`a ${character} is missing at ${this.at} of the message: ${this.text}`);
    }
    this.at++;
  }
}
