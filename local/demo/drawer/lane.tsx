import { useSyncExternalStore } from 'react';
import type { FrameLog } from './frame-log.ts';
import { FrameRow } from './frame-row.tsx';

type Props = {
  readonly title: string;
  /** The module by which an application has it. */
  readonly module: string;
  readonly dialect: string;
  readonly log: FrameLog;
  /** Says something over this connection; undefined where it cannot. */
  readonly speak?: (() => void) | undefined;
};

/** The frames of one connection, the newest first. */
export function Lane({ title, module, dialect, log, speak }: Props) {
  const passages = useSyncExternalStore(log.subscribe, log.getSnapshot);
  return (
    <section className="lane" aria-label={title}>
      <header className="lane-header">
        <h3>{title}</h3>
        <code className="lane-module">{module}</code>
        <span className="lane-dialect">{dialect}</span>
        {speak && (
          <button type="button" className="link-button" onClick={speak}>
            Say hello<span className="unseen"> over {title}</span>
          </button>
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: Who has no mouse scrolls it with the arrow keys. */}
      <ol className="frames" aria-label={`Frames of ${title}`} tabIndex={0}>
        {passages.length === 0 && <li className="frame quiet">Nothing has gone by yet.</li>}
        {passages.map((passage) => (
          <FrameRow key={passage.key} passage={passage} />
        ))}
      </ol>
    </section>
  );
}
