/**
 * Stands in for `@aws-sdk/middleware-endpoint-discovery` in the bundles (lib/bundling.ts): a DynamoDB client would find
 * its endpoints out where it is told to, as none is here, and so carries a whole LRU cache for them.
 */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};

/** Leaves the client's configuration as it is. */
export function resolveEndpointDiscoveryConfig<Config>(config: Config): Config {
  return config;
}
