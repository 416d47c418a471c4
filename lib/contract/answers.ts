import * as z from "zod/mini";
import { listOf } from "./common.ts";

/** Every answer that a page asks for, for whoever loads them as one. */
export { Activity, ActivityList, ActivityUndone } from "./activity.ts";
export { AddressDetail, AddressList } from "./addresses.ts";
export { BlockDetail, BlockList } from "./blocks.ts";
export { Choice } from "./choice.ts";
export { Cluster } from "./cluster.ts";
export { ChangeEvent, HelloEvent, ResetEvent } from "./events.ts";
export { Impact } from "./impact.ts";
export { IpamShow } from "./ipam-show.ts";
export { LoggedIn, LoggedOut } from "./login.ts";
export { NamespaceList, NamespaceWritten } from "./namespaces.ts";
export { NodeList } from "./nodes.ts";
export { Ownership } from "./ownership.ts";
export { Path } from "./path.ts";
export { PodList } from "./pods.ts";
export { KubernetesEventList } from "./pool-events.ts";
export { PoolHolds } from "./pool-holds.ts";
export { Pool, PoolCreateResults, PoolDeleteResult, PoolList } from "./pools.ts";
export { Problem } from "./problem.ts";
export { Reservation, ReservationCreateResults, ReservationList } from "./reservations.ts";
export { SearchResult } from "./search.ts";
export { Session } from "./session.ts";

/** Nodes or namespaces of which only the names matter. */
export const NameList = listOf(z.object({ name: z.string() }));
export type NameList = z.infer<typeof NameList>;
