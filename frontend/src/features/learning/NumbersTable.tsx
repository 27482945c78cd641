import { Table } from "@/components/ui/Table";
import { formatQuantity } from "@/lib/numbers";

type Props = { label: string; head: [string, string]; numbers: Readonly<Record<string, number>> };

/** Named numbers as they were recorded. */
export function NumbersTable({ label, head, numbers }: Props) {
  return (
    <Table label={label} head={head} numeric={[1]}>
      {Object.entries(numbers).map(([name, value]) => (
        <tr key={name}>
          <td>{name.replaceAll("_", " ")}</td>
          <td className="num">{formatQuantity(Number(value.toPrecision(5)))}</td>
        </tr>
      ))}
    </Table>
  );
}
