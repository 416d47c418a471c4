/** A browser that asks where to save reads the file only after the answer. */
const keptMs = 60_000;

/** Hands the browser a file to save. Names keep letters, digits, dots and dashes only. */
export function saveFile(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replaceAll(/[^\w.-]+/g, "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), keptMs);
}
