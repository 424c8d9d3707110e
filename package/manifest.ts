/** By the name under which it is imported, the file of each entry, without its extension. */
export const ENTRIES = {
  client: 'client/index',
  'socket.io': 'client/socket-io/index',
  react: 'client/react/index',
  server: 'server/index',
} as const;

type Root = { readonly version: string; readonly license: string; readonly engines: unknown };

/** The published package.json: one package, an entry for each who needs it, and nothing to install besides. */
export function manifest({ version, license, engines }: Root) {
  const entries = Object.entries(ENTRIES).map(([name, file]) => {
    const target = { types: `./${file}.d.ts`, default: `./${file}.js` };
    return [`./${name}`, target] as const;
  });
  return {
    name: 'parley',
    version,
    description:
      'Chat for booking platforms: SDK, a client in place of socket.io-client, React hooks, server SDK.',
    license,
    type: 'module',
    engines,
    sideEffects: false,
    files: ['client', 'server'],
    exports: { ...Object.fromEntries(entries), './package.json': './package.json' },
    peerDependencies: { react: '>=18' },
    peerDependenciesMeta: { react: { optional: true } },
  };
}
