import { create } from "zustand";

/** What lies over the page; one at a time. */
export type Overlay = "palette" | "shortcuts" | "tour" | "arrange";

export const useOverlay = create<{ open: Overlay | null }>()(() => ({ open: null }));

export function openOverlay(overlay: Overlay): void {
  useOverlay.setState({ open: overlay });
}

export function closeOverlay(): void {
  useOverlay.setState({ open: null });
}
