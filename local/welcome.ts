import type { DemoPerson } from './demo-config.ts';
import { serviceToken } from './samples.ts';
import type { Settings } from './settings.ts';
import type { Stack } from './stack.ts';

/** What the terminal shows once all is up: first the one line that scripts wait for, then what there is to try. */
export async function welcome({ gateway, demo }: Stack, settings: Settings): Promise<string> {
  const { booking } = demo;
  const lines = [
    `Parley is ready at ${gateway.url}`,
    '',
    `  Demo page   ${gateway.url}/`,
    `  WebSocket   ${demo.webSocketUrl}?token=…`,
    `  REST        ${gateway.url}/api/messages/booking/${booking.id}`,
    `  Booking     ${booking.id} (${booking.title})`,
    '',
    ...demo.people.flatMap((person) => introduce(person)),
    '  The platform’s backend, for /api/server',
    `    ${await serviceToken(settings)}`,
    '',
    `  Try        npx wscat -c "${demo.webSocketUrl}?token=<a token>"`,
    `             > {"action":"joinBooking","data":"${booking.id}","id":1}`,
    `             > {"action":"sendMessage","data":{"bookingId":"${booking.id}","content":"Hello"},"id":2}`,
    '',
    '  Ctrl-C ends it.',
  ];
  return lines.join('\n');
}

function introduce({ userId, name, role, token }: DemoPerson): readonly string[] {
  return [`  ${name}, ${userId} (${role})`, `    ${token}`, ''];
}
