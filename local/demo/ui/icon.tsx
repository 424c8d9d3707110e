/** The paths of a 24 by 24 drawing, stroked. */
const PATHS = {
  back: ['m15 5-7 7 7 7'],
  bell: ['M6 9.5a6 6 0 1 1 12 0c0 5 2 6.5 2 6.5H4s2-1.5 2-6.5', 'M10 19.5a2.2 2.2 0 0 0 4 0'],
  calendar: [
    'M5 6h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1Z',
    'M4 10.5h16',
    'M8 3.5v4M16 3.5v4',
  ],
  chat: ['M20 11.5a7.5 7.5 0 0 1-11 6.6L4 19.5l1.4-4.6A7.5 7.5 0 1 1 20 11.5Z'],
  check: ['m5 12.5 4.5 4.5L19 7.5'],
  checks: ['m2.5 12.5 4.5 4.5L16.5 7.5', 'm12.5 16 1 1L23 7.5'],
  clock: ['M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Z', 'M12 8v4.5l3 1.5'],
  close: ['M6 6l12 12M18 6 6 18'],
  code: ['m8.5 8-4 4 4 4', 'm15.5 8 4 4-4 4'],
  cloudOff: ['M4 4l16 16', 'M9 6.3A6 6 0 0 1 17.7 10 4 4 0 0 1 20 16.5', 'M17 18H7a4.5 4.5 0 0 1-.8-8.9'],
  down: ['M12 5v14', 'm6 13 6 6 6-6'],
  edit: ['M4 20l1-4L16.5 4.5l3 3L8 19l-4 1Z', 'm14 7 3 3'],
  leave: ['M14 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h8', 'm16 8 4 4-4 4', 'M20 12H10'],
  link: [
    'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1',
    'M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
  ],
  more: ['M5.5 12h.01M12 12h.01M18.5 12h.01'],
  picture: [
    'M5 5h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z',
    'm4.5 16.5 4.5-4.5 3.5 3.5 3-3 4 4',
    'M15.5 9h.01',
  ],
  reply: ['m9 7-5 5 5 5', 'M4 12h9a7 7 0 0 1 7 6'],
  send: ['M12 19V5', 'm6 11 6-6 6 6'],
  smile: ['M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Z', 'M8.8 14a3.8 3.8 0 0 0 6.4 0', 'M9.2 9.7h.01M14.8 9.7h.01'],
  trash: ['M5 7h14', 'M9 7V4.5h6V7', 'm6.5 7 .8 12.5h9.4L17.5 7'],
  warning: ['M12 4.5 3.5 19.5h17L12 4.5Z', 'M12 10.5v4M12 17h.01'],
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside words that say the same, or in a button that has a label: nothing is read out for it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {PATHS[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}
