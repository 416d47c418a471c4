import * as z from "zod/mini";
import { Activity, ActivityList, ActivityQuery, ActivityUndo, ActivityUndone } from "./activity.ts";
import { AddressDetail, AddressList, AddressQuery } from "./addresses.ts";
import { BlockDetail, BlockList, BlockQuery } from "./blocks.ts";
import { Choice, ChoiceQuery } from "./choice.ts";
import { Cluster, ClusterQuery } from "./cluster.ts";
import { WriteQuery } from "./common.ts";
import { EventsQuery } from "./events.ts";
import { Impact, ImpactQuery } from "./impact.ts";
import { IpamShow, IpamShowQuery } from "./ipam-show.ts";
import { LoggedIn, LoggedOut, Login, Logout } from "./login.ts";
import { NamespaceList, NamespacePatch, NamespaceQuery, NamespaceWritten } from "./namespaces.ts";
import { NodeList, NodeQuery } from "./nodes.ts";
import { Ownership, OwnershipQuery } from "./ownership.ts";
import { Path, PathQuery } from "./path.ts";
import { PodList, PodQuery } from "./pods.ts";
import { KubernetesEventList } from "./pool-events.ts";
import { PoolHolds } from "./pool-holds.ts";
import { PoolMapQuery } from "./pool-map-query.ts";
import {
  Pool,
  PoolCreate,
  PoolCreateResults,
  PoolDelete,
  PoolDeleteResult,
  PoolList,
  PoolPatch,
  PoolQuery,
} from "./pools.ts";
import {
  Reservation,
  ReservationCreateResults,
  ReservationDelete,
  ReservationDocument,
  ReservationList,
  ReservationManifest,
  ReservationQuery,
} from "./reservations.ts";
import { SearchQuery, SearchResult } from "./search.ts";
import { Session } from "./session.ts";

/** One route as the outside sees it. */
export interface Route {
  readonly method: "get" | "post" | "patch" | "delete";
  /** With `{name}` for its variable parts. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodMiniObject;
  readonly body?: z.ZodMiniType;
  /** Media type → what it carries; null: text or bytes without a schema. */
  readonly answers: Readonly<Record<string, z.ZodMiniType | null>>;
}

const json = (schema: z.ZodMiniType) => ({ "application/json": schema });

/** Every route there is. The OpenAPI document is made from it, and a test holds the route files against it. */
export const routes: readonly Route[] = [
  { method: "get", path: "/healthz", summary: "The process is alive", answers: { "text/plain": null } },
  { method: "get", path: "/readyz", summary: "The process can serve", answers: { "text/plain": null } },
  { method: "get", path: "/api/v1/openapi.json", summary: "This document", answers: json(z.unknown()) },
  {
    method: "get",
    path: "/api/v1/cluster",
    summary: "The cluster and its Calico",
    query: ClusterQuery,
    answers: json(Cluster),
  },
  {
    method: "get",
    path: "/api/v1/session",
    summary: "Who is asking, and what they may do",
    answers: json(Session),
  },
  {
    method: "post",
    path: "/api/v1/login",
    summary: "Log in with a token of the cluster, where people log in so: it becomes a cookie",
    body: Login,
    answers: json(LoggedIn),
  },
  { method: "post", path: "/api/v1/logout", summary: "Log out", body: Logout, answers: json(LoggedOut) },
  { method: "get", path: "/api/v1/pools", summary: "IP pools", query: PoolQuery, answers: json(PoolList) },
  {
    method: "post",
    path: "/api/v1/pools",
    summary: "Create pools from a YAML manifest or one JSON object",
    query: WriteQuery,
    body: PoolCreate,
    answers: json(PoolCreateResults),
  },
  { method: "get", path: "/api/v1/pools/{name}", summary: "One pool", answers: json(Pool) },
  {
    method: "patch",
    path: "/api/v1/pools/{name}",
    summary: "Change what Calico lets change",
    query: WriteQuery,
    body: PoolPatch,
    answers: json(Pool),
  },
  {
    method: "delete",
    path: "/api/v1/pools/{name}",
    summary: "Delete a pool in Calico's own order",
    query: WriteQuery,
    body: PoolDelete,
    answers: json(PoolDeleteResult),
  },
  {
    method: "get",
    path: "/api/v1/pools/{name}/yaml",
    summary: "The pool as stored",
    answers: { "text/yaml": null },
  },
  {
    method: "get",
    path: "/api/v1/pools/{name}/events",
    summary: "Kubernetes Events about the pool",
    answers: json(KubernetesEventList),
  },
  {
    method: "get",
    path: "/api/v1/pools/{name}/holds",
    summary: "What still holds the pool",
    answers: json(PoolHolds),
  },
  {
    method: "get",
    path: "/api/v1/pools/{name}/map",
    summary:
      "The pool's blocks in columns, or with `addresses` each address of a part of it; with `since` what has changed since a state of it, where that is remembered; binary, laid out as lib/contract/pool-map.ts, address-map.ts and pool-map-patch.ts say",
    query: PoolMapQuery,
    answers: { "application/octet-stream": null, "application/json": z.unknown() },
  },
  {
    method: "get",
    path: "/api/v1/pools/{name}/ownership",
    summary: "Who owns a pool, and where a change of it has to be made to last",
    query: OwnershipQuery,
    answers: json(Ownership),
  },
  {
    method: "get",
    path: "/api/v1/pools/{name}/impact",
    summary: "What an action on the pool would do",
    query: ImpactQuery,
    answers: json(Impact),
  },
  {
    method: "get",
    path: "/api/v1/blocks",
    summary: "IPAM blocks",
    query: BlockQuery,
    answers: json(BlockList),
  },
  {
    method: "get",
    path: "/api/v1/blocks/{name}",
    summary: "One block with its addresses",
    answers: json(BlockDetail),
  },
  {
    method: "get",
    path: "/api/v1/addresses",
    summary: "Addresses; free and unclaimed ones as runs",
    query: AddressQuery,
    answers: json(AddressList),
  },
  {
    method: "get",
    path: "/api/v1/addresses/{ip}",
    summary: "What one address is",
    answers: json(AddressDetail),
  },
  {
    method: "get",
    path: "/api/v1/namespaces",
    summary: "Namespaces and their pools",
    query: NamespaceQuery,
    answers: json(NamespaceList),
  },
  {
    method: "patch",
    path: "/api/v1/namespaces/{name}",
    summary: "Choose the pools of a namespace",
    query: WriteQuery,
    body: NamespacePatch,
    answers: json(NamespaceWritten),
  },
  {
    method: "get",
    path: "/api/v1/reservations",
    summary: "IP reservations",
    query: ReservationQuery,
    answers: json(ReservationList),
  },
  {
    method: "post",
    path: "/api/v1/reservations",
    summary: "Set addresses aside, from a YAML manifest or one JSON object",
    query: WriteQuery,
    body: z.union([ReservationManifest, ReservationDocument]),
    answers: json(ReservationCreateResults),
  },
  {
    method: "delete",
    path: "/api/v1/reservations/{name}",
    summary: "Give reserved addresses free",
    query: WriteQuery,
    body: ReservationDelete,
    answers: json(Reservation),
  },
  { method: "get", path: "/api/v1/pods", summary: "Pods", query: PodQuery, answers: json(PodList) },
  { method: "get", path: "/api/v1/nodes", summary: "Nodes", query: NodeQuery, answers: json(NodeList) },
  {
    method: "get",
    path: "/api/v1/ipam/show",
    summary: "The table of `calicoctl ipam show`",
    query: IpamShowQuery,
    answers: { ...json(IpamShow), "text/plain": null, "text/csv": null },
  },
  {
    method: "get",
    path: "/api/v1/path",
    summary: "The way of a packet",
    query: PathQuery,
    answers: json(Path),
  },
  {
    method: "get",
    path: "/api/v1/choose",
    summary: "Which pool, block and address the next pod of a namespace gets on a node",
    query: ChoiceQuery,
    answers: json(Choice),
  },
  {
    method: "get",
    path: "/api/v1/activity",
    summary: "Writes made or attempted through this server",
    query: ActivityQuery,
    answers: { ...json(ActivityList), "text/csv": null },
  },
  {
    method: "get",
    path: "/api/v1/activity/{id}",
    summary: "One of them",
    answers: json(Activity),
  },
  {
    method: "post",
    path: "/api/v1/activity/{id}/undo",
    summary: "Take one back, unless the object has changed since",
    query: WriteQuery,
    body: ActivityUndo,
    answers: json(ActivityUndone),
  },
  {
    method: "get",
    path: "/api/v1/search",
    summary: "Find anything by name or address",
    query: SearchQuery,
    answers: json(SearchResult),
  },
  {
    method: "get",
    path: "/api/v1/events",
    summary: "Server-sent events: hello (HelloEvent), change (ChangeEvent), reset (ResetEvent)",
    query: EventsQuery,
    answers: { "text/event-stream": null },
  },
];
