import type { TextTable } from "./text-table.ts";

/** RFC 4180, lines ending in CRLF. A cell that a spreadsheet would run as a formula gets a leading apostrophe. */
export function formatCsv({ header, rows }: TextTable): string {
  return [header, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
