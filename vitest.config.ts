import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/engine-setup.ts'],
    setupFiles: ['test/support/fixed-seed.ts', 'test/support/restored-globals.ts'],
    // To load the AWS SDK, Socket.IO and CDK anew for each file, and run them cold, took as much as the tests themselves.
    isolate: false,
    // Most of the time tests wait for sockets: one file a core, where one fewer is usual.
    maxWorkers: '100%',
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // What a test waits for comes within moments, or on a starved machine later. It costs nothing but where it never comes.
    expect: { poll: { timeout: 45_000, interval: 20 } },
    // Real clients, sockets and processes on a machine that is busy with more than this: once more, before it is a failure.
    retry: process.env.CI ? 2 : 0,
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  },
});
