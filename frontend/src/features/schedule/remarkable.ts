import type { Schema } from "@/api/types";

const WORDS = { holiday: "holiday", "half day": "halfDay", DST: "clocks", patch: "patch" } as const;

export type Remark = Schema<"DayMarkView"> & { word: (typeof WORDS)[keyof typeof WORDS] };

/** The days to know of before reading a plan, with their words; a lunch break is none of these. */
export function remarkable(marks: readonly Schema<"DayMarkView">[]): Remark[] {
  return marks.flatMap((mark) => {
    const word = WORDS[mark.kind as keyof typeof WORDS];
    return word ? [{ ...mark, word }] : [];
  });
}
