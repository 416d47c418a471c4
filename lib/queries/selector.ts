import { queryOptions } from "@tanstack/react-query";
import type { NameList } from "../contract/answers.ts";
import { getJson, query } from "./http.ts";
import { shape } from "./schemas.ts";

export type Selected = NameList;

/** How many names are asked for. */
const limit = 3;

export const selectorQueries = {
  /** The first nodes or namespaces by name that a selector matches, and how many there are; empty text matches all. */
  selected: (noun: "nodes" | "namespaces", selector: string) =>
    queryOptions({
      queryKey: [noun, "selected", selector] as const,
      queryFn: ({ signal }) =>
        getJson(`/api/v1/${noun}${query({ selector, sort: "name", limit })}`, shape("NameList"), signal),
    }),
};
