const ROWS = [0, 1, 2, 3];

/** What the inbox looks like before it is there. */
export function InboxSkeleton() {
  return (
    <div className="inbox-skeleton" role="status" aria-label="Loading conversations">
      {ROWS.map((row) => (
        <div className="row" key={row}>
          <span className="bone round" />
          <span className="row-words">
            <span className="bone line" />
            <span className="bone line long" />
          </span>
        </div>
      ))}
    </div>
  );
}
