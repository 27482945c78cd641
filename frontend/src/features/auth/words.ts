import { words } from "@/lib/words";

export const WORDS = words(
  {
    username: "Username",
    password: "Password",
    "show-password": "Show the password",
    enter: "Sign in",
    refused: "You are not signed in.",
    leave: "Sign out",
    "menu-of": "Menu of {name}",
  },
  {
    username: "Benutzername",
    password: "Passwort",
    "show-password": "Passwort zeigen",
    enter: "Anmelden",
    refused: "Sie sind nicht angemeldet.",
    leave: "Abmelden",
    "menu-of": "Menü von {name}",
  },
);
