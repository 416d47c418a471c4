/** A key that is pressed again once there is something that knows what to do with it. */
export type LaterKey = "ArrowDown" | "ArrowUp" | "Enter";

/** What was typed into a field that is not there yet. */
export interface EarlyKeys {
  readonly text: string;
  /** Pressed after the text, in their order. */
  readonly later: readonly LaterKey[];
}

export const noKeys: EarlyKeys = { text: "", later: [] };

const later: readonly string[] = ["ArrowDown", "ArrowUp", "Enter"] satisfies LaterKey[];

/** With one key more; a key that a field of text does not know is swallowed. `cancelled`: whatever was opened is not wanted any more. */
export function withKey(keys: EarlyKeys, key: string): EarlyKeys | "cancelled" {
  if (key === "Escape") return "cancelled";
  // After Enter the field is closed.
  if (keys.later.includes("Enter")) return keys;
  if (key === "Backspace") return { text: [...keys.text].slice(0, -1).join(""), later: [] };
  if (later.includes(key)) return { ...keys, later: [...keys.later, key as LaterKey] };
  return [...key].length === 1 ? { text: keys.text + key, later: [] } : keys;
}
