import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";

afterEach(cleanup);

describe("a button at work", () => {
  it("cannot be pressed again, submits nothing, and keeps the focus", () => {
    const pressed = vi.fn();
    const sent = vi.fn((event: { preventDefault: () => void }) => event.preventDefault());
    const form = (loading: boolean) => (
      <form onSubmit={sent}>
        <Button type="submit" loading={loading} onClick={pressed}>
          Send
        </Button>
      </form>
    );
    const view = render(form(false));
    const button = screen.getByRole("button");
    button.focus();
    fireEvent.click(button);
    expect([pressed, sent].map((each) => each.mock.calls.length)).toEqual([1, 1]);
    view.rerender(form(true));
    fireEvent.click(button);
    expect([pressed, sent].map((each) => each.mock.calls.length)).toEqual([1, 1]);
    expect(document.activeElement).toBe(button);
    expect(button.getAttribute("aria-disabled")).toBe("true");
  });
});

describe("a dialog", () => {
  const content = (
    <>
      <button type="button">Do it</button>
      <input type="checkbox" />
      <input type="text" />
    </>
  );

  it("begins at its first field, and gives the focus back when it is taken away", () => {
    const shown = (open: boolean) => (
      <>
        <button type="button">Open</button>
        {open ? (
          <Dialog title="A dialog" opened onClose={() => undefined}>
            {content}
          </Dialog>
        ) : null}
      </>
    );
    const view = render(shown(false));
    const opener = screen.getByRole("button", { name: "Open" });
    opener.focus();
    view.rerender(shown(true));
    expect(document.activeElement).toBe(screen.getByRole("textbox"));
    view.rerender(shown(false));
    expect(document.activeElement).toBe(opener);
  });
});
