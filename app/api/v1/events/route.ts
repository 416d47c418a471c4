import { EventsQuery } from "@/lib/contract/events.ts";
import { currentInventory } from "@/lib/inventory/registry.ts";
import { changeFeed } from "@/lib/server/read/change-feed.ts";
import { takesGzip } from "@/lib/server/front-headers.ts";
import { endpoint, route } from "@/lib/server/respond.ts";
import { eventStream } from "@/lib/server/streams.ts";
import { requireSettledSight, isSeen } from "@/lib/server/sight.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: EventsQuery,
    streams: true,
    handle({ request, config, identity, connection, inventory, query }) {
      requireSettledSight({ identity, connection }, currentInventory() ?? inventory);
      const since = query.since ?? request.headers.get("last-event-id");
      return eventStream({
        identity,
        signal: request.signal,
        gzip: takesGzip(request),
        stillAllowed: () => isSeen(request, config, inventory),
        feed(send) {
          const viewer = changeFeed(inventory).open(since, send);
          return () => viewer.close();
        },
      });
    },
  }),
});
