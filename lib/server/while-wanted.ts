/** nginx's word for it; nobody will ever read it. */
const CLIENT_CLOSED_REQUEST = 499;

/** Answers with what `work` makes. When the client has gone meanwhile, an error of `work` is the end of it and no failure of ours. */
export async function whileWanted(
  { signal }: Request,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<Response> {
  try {
    return Response.json(await work(signal));
  } catch (error) {
    if (signal.aborted) return new Response(null, { status: CLIENT_CLOSED_REQUEST });
    throw error;
  }
}
