import { io } from './io.ts';
import { Socket } from './socket.ts';

export type { Auth, Options as ManagerOptions, Options as SocketOptions } from './options.ts';

/** In place of `socket.io-client`: https://socket.io/docs/v4/client-api/ */
export { io as connect, io, io as default, Socket };
