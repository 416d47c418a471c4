// Finding them is what it is for.
// oxlint-disable-next-line no-control-regex
const c0 = /[\u0000-\u001f\u007f]/g;
// Everything that is there but cannot be seen, or that turns the reading direction around.
const unseen = /[\u0080-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * Text from the cluster, fit to be shown: control characters become their pictures (␀, ␊), characters that are invisible
 * or turn the reading direction become `[U+202E]`. With `keepLines`, line breaks and tabs stay.
 */
export function visibleText(text: string, keepLines = false): string {
  return text
    .replace(c0, (character) => {
      if (keepLines && (character === "\n" || character === "\t")) return character;
      return character === "\u007f" ? "\u2421" : String.fromCharCode(0x2400 + character.charCodeAt(0));
    })
    .replace(
      unseen,
      (character) => `[U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`,
    );
}
