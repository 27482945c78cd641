import { words } from "@/lib/words";

export const WORDS = words(
  {
    title: "What desks cost",
    what: "The usage",
    since: "From",
    until: "To",
    days: "Days are those of UTC, both included.",
    desk: "Desk",
    cpu: "CPU, s",
    memory: "Memory, GiB h",
    agents: "By agent",
    none: "There is no desk.",
    agent: "{agent}: {cpu} s, {memory} GiB h",
    sum: "Sum of those shown",
  },
  {
    title: "Was Desks kosten",
    what: "Der Verbrauch",
    since: "Von",
    until: "Bis",
    days: "Tage nach UTC, beide eingeschlossen.",
    desk: "Desk",
    cpu: "CPU, s",
    memory: "Speicher, GiB h",
    agents: "Nach Agent",
    none: "Es gibt kein Desk.",
    agent: "{agent}: {cpu} s, {memory} GiB h",
    sum: "Summe der gezeigten",
  },
);
