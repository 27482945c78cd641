import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";
import type { Label } from "./label";

type Seen = { label: Label; expected: number | null };

/** Everything that changes which version answers whom; what is shown is read again after each. */
export function useInstructionActions() {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: ["instructions"] });
  const add = useMutation({
    mutationFn: (text: string) => unwrap(api.POST("/api/v1/instructions", { body: { text } })),
    onSettled,
  });
  const move = useMutation({
    mutationFn: ({ label, ...body }: Seen & { version: number; reason: string }) =>
      unwrap(
        api.POST("/api/v1/instructions/labels/{label}", { params: { path: { label } }, body }),
      ),
    onSettled,
  });
  const rollBack = useMutation({
    mutationFn: ({ label, expected }: Seen) =>
      unwrap(
        api.POST("/api/v1/instructions/labels/{label}/rollback", {
          params: { path: { label } },
          body: { expected, reason: "" },
        }),
      ),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: ({ label, expected }: { label: Label; expected: number }) =>
      unwrap(
        api.DELETE("/api/v1/instructions/labels/{label}", {
          params: { path: { label }, query: { expected } },
        }),
      ),
    onSettled,
  });
  const share = useMutation({
    mutationFn: (body: { percent: number; expected: number }) =>
      unwrap(api.PUT("/api/v1/instructions/canary", { body })),
    onSettled,
  });
  return { add, move, rollBack, remove, share };
}
