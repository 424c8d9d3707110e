import type { FrameLog } from './frame-log.ts';

/** A WebSocket whose frames are noted as they go by. */
export function tappedWebSocket(log: FrameLog): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => log.add('down', String(data)));
    }

    override send(data: Parameters<WebSocket['send']>[0]): void {
      log.add('up', String(data));
      super.send(data);
    }
  };
}
