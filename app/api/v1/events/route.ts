import { EventsQuery } from "@/lib/contract/events.ts";
import { isKnown } from "@/lib/server/identity.ts";
import { changeFeed } from "@/lib/server/read/change-feed.ts";
import { endpoint, route } from "@/lib/server/respond.ts";
import { eventStream } from "@/lib/server/streams.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    query: EventsQuery,
    streams: true,
    handle({ request, config, identity, inventory, query }) {
      const since = query.since ?? request.headers.get("last-event-id");
      return eventStream({
        identity,
        signal: request.signal,
        stillAllowed: () => isKnown(request, config),
        feed(send) {
          const viewer = changeFeed(inventory).open(since, send);
          return () => viewer.close();
        },
      });
    },
  }),
});
