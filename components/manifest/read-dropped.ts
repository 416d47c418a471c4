/** The text that was dropped: files one after the other, as documents of one manifest; null: it was neither text nor a file. */
export async function readDropped(transfer: DataTransfer): Promise<string | null> {
  const files = [...transfer.files];
  if (files.length === 0) return transfer.getData("text/plain") || null;
  const texts = await Promise.all(files.map((file) => file.text()));
  return texts.map((each) => each.trimEnd()).join("\n---\n");
}
