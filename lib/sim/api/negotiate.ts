import { ApiError } from "./status.ts";
import type { IncludeObject } from "./table.ts";

/** How the answer is written: the object itself, a table of it, or its metadata alone. */
export type View =
  | { readonly as: "object" }
  | { readonly as: "table"; readonly include: IncludeObject }
  | { readonly as: "partial" };

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function mediaRanges(accept: string): MediaRange[] {
  return accept.split(",").map((part) => {
    const [type = "", ...rest] = part.split(";").map((piece) => piece.trim());
    const parameters = new Map(
      rest.map((piece): [string, string] => {
        const equals = piece.indexOf("=");
        return equals === -1 ? [piece, ""] : [piece.slice(0, equals), piece.slice(equals + 1)];
      }),
    );
    return { type: type.toLowerCase(), parameters };
  });
}

const jsonTypes = new Set(["application/json", "*/*", "application/*", ""]);

/**
 * The first form in the Accept header that this server can write. Protobuf is passed over, as a client that offers JSON
 * beside it expects; JSON is all there is.
 * @throws ApiError 406
 */
export function negotiateView(accept: string | undefined, query: URLSearchParams): View {
  for (const range of mediaRanges(accept ?? "*/*")) {
    if (!jsonTypes.has(range.type)) continue;
    const as = range.parameters.get("as");
    if (as === undefined) return { as: "object" };
    if (range.parameters.get("g") !== "meta.k8s.io" || range.parameters.get("v") !== "v1") continue;
    if (as === "Table") return { as: "table", include: includeObject(query) };
    if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") return { as: "partial" };
  }
  throw new ApiError(
    406,
    "NotAcceptable",
    "406: Not Acceptable\n\nAvailable representations: application/json, application/json;stream=watch",
    { details: {} },
  );
}

function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get("includeObject");
  return value === "None" || value === "Object" ? value : "Metadata";
}

/** Whether the client prefers aggregated discovery; the version it asked for. */
export function negotiateDiscovery(accept: string | undefined): "v2" | "v2beta1" | null {
  for (const range of mediaRanges(accept ?? "")) {
    if (!jsonTypes.has(range.type) || range.type === "") continue;
    if (range.parameters.get("g") !== "apidiscovery.k8s.io") return null;
    const version = range.parameters.get("v");
    if (range.parameters.get("as") !== "APIGroupDiscoveryList") continue;
    if (version === "v2" || version === "v2beta1") return version;
  }
  return null;
}
