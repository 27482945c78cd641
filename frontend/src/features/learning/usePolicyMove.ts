import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { unwrap } from "@/api/unwrap";

export type Move = "approve" | "reject" | "rollback";

type Asked = { move: Move; policy: string; reason: string };

/** A person's word on a policy of the line: approve, reject, or roll back from the champion. */
export function usePolicyMove(line: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ move, policy, reason }: Asked) => {
      const params = { path: { line } };
      if (move === "rollback") {
        const body = { champion: policy, reason };
        return unwrap(api.POST("/api/v1/policies/lines/{line}/rollback", { params, body }));
      }
      const body = { policy, reason };
      return move === "approve"
        ? unwrap(api.POST("/api/v1/policies/lines/{line}/approve", { params, body }))
        : unwrap(api.POST("/api/v1/policies/lines/{line}/reject", { params, body }));
    },
    onSettled: () =>
      Promise.all(
        [["line", line], ["lines"], ["verdicts"], ["desk"]].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
}
