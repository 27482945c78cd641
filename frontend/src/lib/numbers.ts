import { currentLanguage, LOCALES } from "./language";

/**
 * Formatters of money, quantities and shares, as the page's language writes them. Decimal strings
 * are never turned into floats.
 */
type Numeric = string | number;

const MINUS = "−";
const formats = new Map<string, Intl.NumberFormat>();

function format(least: number, most: number): Intl.NumberFormat {
  const language = currentLanguage();
  const key = `${language} ${least} ${most}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(LOCALES[language].numbers, {
    minimumFractionDigits: least,
    maximumFractionDigits: most,
  });
  formats.set(key, made);
  return made;
}

/** `12,345.60`; negative with a real minus sign. Exact for decimal strings of any size. */
export function formatMoney(value: Numeric | null | undefined): string {
  return formatPrice(value, 2);
}

/** A price with its instrument's decimals; two where these are not known. */
export function formatPrice(value: Numeric | null | undefined, decimals = 2): string {
  return render(format(decimals, decimals), value);
}

export function formatQuantity(value: Numeric | null | undefined): string {
  return render(format(0, 8), value);
}

/** Money with its sign always shown: `+12.00`, `−3.50`, `0.00`. */
export function formatSigned(value: Numeric | null | undefined): string {
  const text = formatMoney(value);
  return signOf(value) > 0 ? `+${text}` : text;
}

/** A share as percent: 0.0123 → `1.23%`. */
export function formatShare(share: number | null | undefined, digits = 1): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "—";
  return `${render(format(digits, digits), share * 100)}%`;
}

export function formatSignedShare(share: number, digits = 1): string {
  const text = formatShare(share, digits);
  return share > 0 ? `+${text}` : text;
}

/** A plain number with fixed digits and its sign: `+0.214`. */
export function formatScore(value: number, digits = 3): string {
  const text = format(digits, digits).format(Math.abs(value));
  return value < 0 ? `${MINUS}${text}` : `+${text}`;
}

export function formatBytes(bytes: number): string {
  if (bytes <= 0) return "0";
  const mebibytes = bytes / 2 ** 20;
  return mebibytes >= 1024
    ? `${format(1, 1).format(mebibytes / 1024)} GiB`
    : `${Math.round(mebibytes)} MiB`;
}

/** −1, 0 or 1 of a decimal string or number. */
export function signOf(value: Numeric | null | undefined): number {
  return Math.sign(Number(value ?? 0)) || 0;
}

function render(numbers: Intl.NumberFormat, value: Numeric | null | undefined): string {
  if (value === null || value === undefined || value === "") return "—";
  const text = typeof value === "string" ? (value as Intl.StringNumericLiteral) : value;
  const shown = numbers.format(text);
  return (/[1-9]/.test(shown) ? shown : shown.replace("-", "")).replace("-", MINUS);
}
