import fc from 'fast-check';

/** Packets that a client should not send, and some that it should, by what is the matter with them. */

const NAMESPACES = ['', '/custom,', '/,'] as const;
const namespace = fc.constantFrom(...NAMESPACES);

/** Names that mean something to the echo application, to JavaScript, to Socket.IO, or to nobody. */
const name = fc.constantFrom(
  'message',
  'message-with-ack',
  'nothing',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'error',
  'auth',
  'end',
  'ping',
  '',
);

const json = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom(
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"_placeholder":true,"num":0}',
    '{"_placeholder":true,"num":"__proto__"}',
    '"\\ud800"',
    '1e999',
    '-0',
    '"\\u0000"',
    '"\\u001e"',
    '{"toJSON":1}',
  ),
);

const args = fc.array(json, { maxLength: 3 }).map((values) => values.join());

/** Acknowledgement ids that can be sent back as they came. */
const id = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc.nat().map(String),
  fc.constantFrom('0', '00', '007', '9007199254740991'),
);

const event = fc
  .tuple(namespace, id, name, args)
  .map(([nsp, number, named, rest]) => `42${nsp}${number}[${JSON.stringify(named)}${rest && `,${rest}`}]`);

const object = fc.oneof(
  fc
    .dictionary(fc.constantFrom('token', '__proto__', 'a', ''), fc.jsonValue({ maxDepth: 2 }))
    .map((value) => JSON.stringify(value)),
  fc.constantFrom('{"__proto__":{"polluted":true}}', '{"__proto__":null}', '{"constructor":1}'),
);

const connect = fc
  .tuple(namespace, fc.oneof(fc.constant(''), object))
  .map(([nsp, auth]) => `40${nsp}${auth}`);

const acknowledgement = fc
  .tuple(namespace, id, args)
  .map(([nsp, number, rest]) => `43${nsp}${number}[${rest}]`);

const disconnect = namespace.map((nsp) => `41${nsp}`);

/** What a client may say. */
const wellFormed = fc.oneof(event, connect, acknowledgement, disconnect);

/** What packets are made of, and a little of what they are not. */
const letter = fc.constantFrom(
  ...('0123456789"{}[]/,-:b .e+\\_truefalsn\u001e\u0000é😀'.match(/./gsu) ?? []),
);

const cut = fc.tuple(wellFormed, fc.nat()).map(([packet, at]) => packet.slice(0, at % packet.length));

const misspelt = fc
  .tuple(wellFormed, fc.nat(), letter, fc.constantFrom(0, 1))
  .map(([packet, where, inserted, dropped]) => {
    const at = where % packet.length;
    return packet.slice(0, at) + inserted + packet.slice(at + dropped);
  });

const digits = fc.oneof(
  fc.integer({ min: 17, max: 400 }).map((length) => '9'.repeat(length)),
  fc.constantFrom(
    '9007199254740992',
    '18446744073709551616',
    '1 2',
    ' ',
    '1 ',
    ' 7',
    '0x10',
    '1e3',
    '-1',
    '+1',
    '.5',
  ),
);

const deep = fc
  .tuple(fc.constantFrom('[]', '{}'), fc.integer({ min: 500, max: 4_000 }))
  .map(([kind, depth]) => {
    const [open, close] = kind === '[]' ? ['[', ']'] : ['{"a":', '}'];
    return `42["nothing",${open.repeat(depth)}1${close.repeat(depth)}]`;
  });

const header = fc
  .tuple(
    fc.constantFrom('45', '46'),
    fc.constantFrom('1', '2', '10', '11', '0', '', '-1', '1.5', ' 1', '1e0', '0x1', '999999999999', 'x'),
    fc.constantFrom('-', ''),
    namespace,
    id,
    fc.constantFrom(
      '["message",{"_placeholder":true,"num":0}]',
      '["message-with-ack",{"_placeholder":true,"num":7}]',
      '["message"]',
      '["disconnect"]',
      '{}',
      '[]',
      '',
    ),
  )
  .map((parts) => parts.join(''));

const attachment = fc.oneof(
  fc.base64String().map((text) => `b${text}`),
  fc.string().map((text) => `b${text}`),
);

/** Packets by what is the matter with them. Those of the last two classes are not served as the reference does. */
export const CLASSES = {
  'well-formed packets': wellFormed,
  'truncated packets': cut,
  'misspelt packets': misspelt,
  'random text': fc.string({ unit: 'grapheme', maxLength: 30 }),
  'random letters of the protocol': fc.array(letter, { maxLength: 12 }).map((letters) => letters.join('')),
  'Engine.IO packets out of place': fc
    .tuple(fc.constantFrom('0', '2', '3', '4', '5', '6'), fc.constantFrom('', 'probe', '{}', '0'))
    .map((parts) => parts.join('')),
  'unknown types': fc
    .tuple(
      fc.constantFrom('4', ''),
      fc.constantFrom(...'789abcx-"[{ '),
      fc.constantFrom('', '["message"]', '{}'),
    )
    .map((parts) => parts.join('')),
  'wrong namespaces': fc
    .tuple(
      fc.constantFrom('0', '1', '2', '3', '4'),
      fc.constantFrom(
        '/',
        '/other',
        '/custom/',
        '/custom?x=1',
        '/__proto__',
        '/Custom',
        '/ custom',
        '//',
        '/é',
      ),
      fc.constantFrom('', ',', ',{}', ',["message"]', ',7["message"]'),
    )
    .map((parts) => `4${parts.join('')}`),
  'reserved names': fc
    .tuple(
      namespace,
      fc.constantFrom(
        'connect',
        'connect_error',
        'disconnect',
        'disconnecting',
        'newListener',
        'removeListener',
      ),
    )
    .map(([nsp, reserved]) => `42${nsp}["${reserved}"]`),
  'names of every type': json.map((named) => `42[${named}]`),
  'payloads of the wrong type': fc
    .tuple(fc.constantFrom('0', '1', '2', '3', '4'), namespace, id, fc.oneof(json, fc.constant('[]')))
    .map((parts) => `4${parts.join('')}`),
  'packets without what they need': fc
    .tuple(fc.constantFrom('40', '41', '42', '43', '44', '4', ''), namespace, id)
    .map((parts) => parts.join('')),
  'refusals, which only a server may utter': fc
    .tuple(namespace, fc.oneof(object, fc.constant('"no"')))
    .map(([nsp, refusal]) => `44${nsp}${refusal}`),
  'deep JSON': deep,
  'ids that cannot be sent back': fc
    .tuple(
      fc.constantFrom('42', '43'),
      namespace,
      digits,
      fc.constantFrom('["message-with-ack",1]', '["nothing"]'),
    )
    .map((parts) => parts.join('')),
  'binary data': fc.oneof(header, attachment),
} as const satisfies Readonly<Record<string, fc.Arbitrary<string>>>;

export type PacketClass = keyof typeof CLASSES;

export const CLASS_NAMES = Object.keys(CLASSES) as readonly PacketClass[];

/** Anything at all. */
export const anyPacket: fc.Arbitrary<string> = fc.oneof(...Object.values(CLASSES));
