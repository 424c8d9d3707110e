/**
 * Stands in for `@aws/lambda-invoke-store` in the bundles (lib/bundling.ts): it would tell several invocations of one
 * process apart, of which a function here serves one at a time. The SDK then takes the trace's id from the environment.
 */
export const InvokeStore = { getInstanceAsync: async () => undefined };
