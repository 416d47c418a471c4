import { type Labels, matches, parseSelector, SelectorError } from "../../ipam/selector.ts";
import { invalidParameter } from "./read-error.ts";

/** A test for labels by a selector in Calico's language; empty text lets everything through. Throws 422 in Calico's own words. */
export function selectorFilter(text: string | undefined): (labels: Labels) => boolean {
  try {
    const selector = parseSelector(text ?? "");
    return (labels) => matches(selector, labels);
  } catch (error) {
    if (error instanceof SelectorError) throw invalidParameter("selector", error.message);
    throw error;
  }
}
