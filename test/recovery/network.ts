import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How a connection is lost: `noticed` by both ends, or by the client alone, while the gateway goes on believing in it. */
export type Loss = 'noticed' | 'half-open';

/** The network between one client and the gateway. */
export type Network = {
  readonly url: string;
  /** Loses what is connected now; what is dialled afterwards gets through. */
  readonly lose: (loss?: Loss) => void;
  /** While it is down, nothing can be dialled. */
  isDown: boolean;
  /** Called with each piece that the gateway sends, before it is passed on: a test may lose the connection then. */
  onPiece: ((text: string) => void) | undefined;
  readonly close: () => Promise<void>;
};

/** Lays a line to the gateway that can be cut. */
export async function layLine(gatewayUrl: string): Promise<Network> {
  const { hostname, port } = new URL(gatewayUrl);
  const open = new Map<Socket, Socket>();
  const forsaken = new Set<Socket>();
  const state: Pick<Network, 'isDown' | 'onPiece'> = { isDown: false, onPiece: undefined };
  const server = createServer((near) => {
    if (state.isDown) return near.destroy();
    const far = connect(Number(port), hostname);
    open.set(near, far);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.on('data', (piece) => far.write(piece));
    far.on('data', (piece) => {
      state.onPiece?.(piece.toString('latin1'));
      if (!near.destroyed) near.write(piece);
    });
    far.on('close', () => near.destroy());
    near.on('close', () => {
      open.delete(near);
      if (!forsaken.has(far)) far.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const lose = (loss: Loss = 'noticed') => {
    for (const [near, far] of open) {
      if (loss === 'half-open') forsaken.add(far);
      near.destroy();
    }
  };
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose,
    close: async () => {
      lose();
      for (const far of forsaken) far.destroy();
      server.close();
      await once(server, 'close');
    },
  });
}
