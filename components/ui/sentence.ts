/** Words as a sentence: a capital first and a full stop last. */
export function sentence(words: string): string {
  const text = words.slice(0, 1).toUpperCase() + words.slice(1);
  return text === "" || /[.!?]$/.test(text) ? text : `${text}.`;
}
