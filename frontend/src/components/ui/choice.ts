/** Something to choose: its value, which is also its label unless one is given. */
export type Choice<T extends string = string> = T | { value: T; label: string };

export function choiceOf<T extends string>(choice: Choice<T>): { value: T; label: string } {
  return typeof choice === "string" ? { value: choice, label: choice } : choice;
}
