const WIDTHS = ['wide', 'short', 'mine', 'wide', 'mine short'] as const;

/** What messages look like before they are there. */
export function MessageSkeleton() {
  return (
    <div className="message-skeleton" role="status" aria-label="Loading messages">
      {WIDTHS.map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: They never change places.
        <span key={index} className={`bone ${width}`} />
      ))}
    </div>
  );
}
