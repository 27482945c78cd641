/** Formatters of money, quantities and shares. Decimal strings are never turned into floats. */
type Numeric = string | number;

const MINUS = "−";
const fixed = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(
  (decimals) =>
    new Intl.NumberFormat("en-US", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }),
);
const quantity = new Intl.NumberFormat("en-US", { maximumFractionDigits: 8 });

/** `12,345.60`; negative with a real minus sign. Exact for decimal strings of any size. */
export function formatMoney(value: Numeric | null | undefined): string {
  return formatPrice(value, 2);
}

/** A price with its instrument's decimals; two where these are not known. */
export function formatPrice(value: Numeric | null | undefined, decimals = 2): string {
  return render(fixed[decimals] ?? quantity, value);
}

export function formatQuantity(value: Numeric | null | undefined): string {
  return render(quantity, value);
}

/** Money with its sign always shown: `+12.00`, `−3.50`, `0.00`. */
export function formatSigned(value: Numeric | null | undefined): string {
  const text = formatMoney(value);
  return signOf(value) > 0 ? `+${text}` : text;
}

/** A share as percent: 0.0123 → `1.23%`. */
export function formatShare(share: number | null | undefined, digits = 1): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "—";
  return `${(share * 100).toFixed(digits)}%`.replace("-", MINUS);
}

export function formatSignedShare(share: number, digits = 1): string {
  const text = formatShare(share, digits);
  return share > 0 ? `+${text}` : text;
}

/** A plain number with fixed digits and its sign: `+0.214`. */
export function formatScore(value: number, digits = 3): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 ? `${MINUS}${text}` : `+${text}`;
}

export function formatBytes(bytes: number): string {
  if (bytes <= 0) return "0";
  const mebibytes = bytes / 2 ** 20;
  return mebibytes >= 1024
    ? `${(mebibytes / 1024).toFixed(1)} GiB`
    : `${Math.round(mebibytes)} MiB`;
}

/** −1, 0 or 1 of a decimal string or number. */
export function signOf(value: Numeric | null | undefined): number {
  return Math.sign(Number(value ?? 0)) || 0;
}

function render(format: Intl.NumberFormat, value: Numeric | null | undefined): string {
  if (value === null || value === undefined || value === "") return "—";
  const text = typeof value === "string" ? (value as Intl.StringNumericLiteral) : value;
  const shown = format.format(text);
  return (/[1-9]/.test(shown) ? shown : shown.replace("-", "")).replace("-", MINUS);
}
