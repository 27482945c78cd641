import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  NativeSelect,
  PasswordInput,
  SegmentedControl,
  Textarea,
  TextInput,
} from "@mantine/core";

/** Mantine's dark greys in the hue of our surfaces, text first. */
const INK: MantineColorsTuple = [
  "#e4eaf1",
  "#c3cedb",
  "#93a4b7",
  "#6b7d92",
  "#33445a",
  "#212d3a",
  "#17202b",
  "#111821",
  "#0b1016",
  "#070b10",
];

const small = { defaultProps: { size: "xs" as const } };

/** Mantine in our tokens: small controls, our font, the one accent. */
export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  colors: { dark: INK },
  primaryColor: "blue",
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: "sm",
  cursorType: "pointer",
  components: {
    Button: Button.extend(small),
    TextInput: TextInput.extend(small),
    PasswordInput: PasswordInput.extend(small),
    Textarea: Textarea.extend(small),
    NativeSelect: NativeSelect.extend(small),
    SegmentedControl: SegmentedControl.extend(small),
  },
});

const shared = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-dimmed": "var(--dim)",
  "--mantine-color-default": "var(--raised)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-default-hover": "var(--line)",
  "--mantine-color-placeholder": "var(--dim)",
  "--mantine-color-error": "var(--down)",
  "--mantine-color-blue-filled": "var(--accent-fill)",
  "--mantine-color-blue-filled-hover": "color-mix(in srgb, var(--accent-fill) 86%, white)",
  "--mantine-primary-color-filled": "var(--accent-fill)",
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: shared,
});
