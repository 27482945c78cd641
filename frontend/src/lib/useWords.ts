import { useCallback } from "react";
import { formatMessage, type Values } from "./formatMessage";
import { useLanguage } from "./language";
import type { Words } from "./words";

export type Say<Key extends string> = (key: Key, values?: Values) => string;

const NONE: Values = {};

/** Says the words of a catalogue in the language that the page is read in. */
export function useWords<Key extends string>(catalogue: Words<Key>): Say<Key> {
  const language = useLanguage();
  return useCallback(
    (key, values = NONE) => formatMessage(catalogue[language][key], values, language),
    [catalogue, language],
  );
}
