/** Registers the service worker of the built page, once there is nothing better to do. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => {
    // Without it the page works as well; a browser that refuses it says why in its own console.
    navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  });
}
