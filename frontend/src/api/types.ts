import type { components } from "./schema";

/** The API's schemas by name: `Schema<"OrderView">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];
