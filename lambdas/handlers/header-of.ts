/** Headers of an event. */
export type Headers = Readonly<Record<string, string | undefined>>;

/**
 * What a header holds, by its name in lower case. Names come in lower case from an HTTP API and through some mappings of a
 * WebSocket API, and as the client wrote them otherwise:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-mappings.html
 */
export function headerOf(headers: Headers | undefined, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}
