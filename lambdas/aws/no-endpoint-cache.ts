/**
 * Stands in for `@aws-sdk/endpoint-cache` in the bundles (lib/bundling.ts): it would keep the endpoints that a DynamoDB
 * client discovers where it is told to, as none is here. Every client makes one, and so carries a whole LRU cache.
 */
export class EndpointCache {}
