import type { Cursor } from "./sequence";

/** Asks for what is missing once for each place in the sequence, however many frames show the gap. */
export class GapWatch {
  private asked: string | null = null;

  /** The message to send, or null when it was sent already, or there is nothing to go on from. */
  resume(cursor: Cursor | null): object | null {
    if (cursor === null || this.asked === cursor.seq) return null;
    this.asked = cursor.seq;
    return { op: "resume", epoch: cursor.epoch, seq: cursor.seq };
  }

  forget(): void {
    this.asked = null;
  }
}
