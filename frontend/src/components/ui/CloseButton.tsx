import { IconButton } from "./IconButton";

type Props = { label: string; onClick: () => void };

export function CloseButton({ label, onClick }: Props) {
  return (
    <IconButton label={label} onClick={onClick}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" strokeWidth="1.6" />
      </svg>
    </IconButton>
  );
}
