import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./app/tokens.css";
import { App } from "./app/App";
import { followLanguage } from "./lib/language";
import { followScheme } from "./lib/scheme";
import { registerServiceWorker } from "./lib/serviceWorker";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
followScheme();
followLanguage();
registerServiceWorker();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
