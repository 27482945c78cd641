import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";

export function ThemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("dark");
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <ActionIcon
      variant="default"
      size="sm"
      aria-label={`Switch to the ${other} theme`}
      onClick={() => setColorScheme(other)}
    >
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true" fill="currentColor">
        <path d="M8 1a7 7 0 1 0 0 14zM8 1a7 7 0 0 1 0 14" fillOpacity="1" />
        <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" />
      </svg>
    </ActionIcon>
  );
}
