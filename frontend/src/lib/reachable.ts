/** Whether a server answers at `path` of this origin, whatever it says of it; a proxy's 5xx is none. */
export async function reachable(path: string): Promise<boolean> {
  try {
    const { status } = await fetch(path, { method: "HEAD", cache: "no-store" });
    return status < 500;
  } catch {
    return false;
  }
}
